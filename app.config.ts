import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { solidStart } from "@solidjs/start/config";
import { defineConfig, type Plugin } from "vite";

/** The page's one HTML file: SolidStart gives it when the built entry is asked for it. */
const shell: Plugin = {
  name: "shell",
  apply: "build",
  buildApp: {
    order: "post",
    async handler(builder) {
      const entry = pathToFileURL(resolve(builder.config.root, "dist/server/entry-server.js")).href;
      const { default: app } = (await import(entry)) as { default: { fetch(request: Request): Promise<Response> } };
      const html = await (await app.fetch(new Request("http://localhost/"))).text();
      await writeFile(resolve(builder.config.root, "dist/client/index.html"), html);
    },
  },
};

/** What may be loaded later is listed in what is loaded first: by hashes, for names would make that 2 kB longer. */
const names = { chunkFileNames: "_build/assets/[hash].js", assetFileNames: "_build/assets/[hash][extname]" };

export default defineConfig({
  plugins: [
    solidStart({ appRoot: "./app", ssr: false, devOverlay: false, solid: { babel: { compact: true } } }),
    shell,
  ],
  publicDir: false,
  environments: { client: { build: { rolldownOptions: { output: names } } } },
  build: { target: "es2023", assetsInlineLimit: 0, chunkSizeWarningLimit: 700 },
  server: { proxy: { "/api": { target: "http://127.0.0.1:3210", ws: true } } },
});
