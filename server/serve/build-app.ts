import { createHash } from "node:crypto";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Folders and files that decide what the built app is. */
const sources = ["app", "server/language", "server/notebook", "server/cells", "app.config.ts", "package-lock.json"];
const stamp = "dist/client/.built-from";

/** Builds the app where it was not built yet or its sources changed since; `told` hears how it goes. Gives the folder of what was built. */
export async function buildApp(root: string, told: (line: string) => void): Promise<string> {
  const folder = join(root, "dist/client");
  const version = await versionOf(root);
  if ((await readFile(join(root, stamp), "utf8").catch(() => null)) === version) return folder;
  told("Building the app, once …");
  const began = performance.now();
  process.env["NODE_ENV"] = "production";
  const { createBuilder } = await import("vite");
  let modules = 0;
  let shown = 0;
  const builder = await createBuilder({
    root,
    configFile: join(root, "app.config.ts"),
    logLevel: "error",
    plugins: [
      {
        name: "progress",
        transform() {
          modules += 1;
          if (performance.now() - shown < 500) return;
          shown = performance.now();
          told(`Building the app, once … ${modules} modules`);
        },
      },
    ],
  });
  await builder.buildApp();
  await writeFile(join(root, stamp), version);
  told(`Built in ${((performance.now() - began) / 1000).toFixed(1)} s.`);
  return folder;
}

/** A hash of the paths, sizes and times of the sources. */
async function versionOf(root: string): Promise<string> {
  const hash = createHash("sha256");
  for (const source of sources) {
    const path = join(root, source);
    const found = await stat(path);
    const files = found.isDirectory()
      ? (await readdir(path, { recursive: true, withFileTypes: true }))
          .filter((entry) => entry.isFile() && !entry.name.includes(".test."))
          .map(({ parentPath, name }) => join(parentPath, name))
          .sort()
      : [path];
    for (const file of files) {
      const { size, mtimeMs } = await stat(file);
      hash.update(`${file.slice(root.length)} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest("hex");
}
