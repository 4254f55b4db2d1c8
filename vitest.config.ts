import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// As `start.mjs`: hundreds of processes of tests load the same files.
process.env["NODE_COMPILE_CACHE"] ??= fileURLToPath(new URL("node_modules/.cache/sheaf", import.meta.url));

export default defineConfig({
  test: {
    globalSetup: ["tests/helpers/build-app.ts"],
    testTimeout: 20_000,
    // Seven thousand tests, of which many start processes: one that a busy machine broke passes the second time, and is listed as retried. A property draws other values the second time, and would pass over what it found.
    retry: { count: 1, condition: /^(?!Property failed)/ },
    hookTimeout: 30_000,
    // On a busy machine a page needs its time.
    expect: { poll: { timeout: 30_000 } },
    // Two cores: children (DuckDB, models) share them with the workers.
    maxWorkers: 2,
    pool: "forks",
    projects: [
      {
        extends: true,
        // What a page does is tested without a browser: its signals and stores are those of one, where Node would get the server's.
        resolve: {
          alias: [
            { find: /^~\//, replacement: fileURLToPath(new URL("app/", import.meta.url)) },
            { find: /^solid-js$/, replacement: "solid-js/dist/solid.js" },
            { find: /^solid-js\/store$/, replacement: "solid-js/store/dist/store.js" },
          ],
        },
        test: {
          name: "core",
          server: { deps: { inline: [/solid-js/] } },
          include: [
            "server/**/*.test.ts",
            "evals/**/*.test.ts",
            "app/**/*.test.ts",
            "tests/**/*.test.ts",
            "mutation/*.test.ts",
          ],
          exclude: ["tests/browser/**"],
          // A file's tests leave nothing behind them: loading all it needs anew for each was a fifth of the time.
          isolate: false,
        },
      },
      { extends: true, test: { name: "browser", include: ["tests/browser/**/*.test.ts"] } },
    ],
  },
});
