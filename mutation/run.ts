import { spawnSync } from "node:child_process";
import { renameSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * Changes the pure layers one small place at a time and counts the changes their tests notice: Stryker, once a layer, each of
 * which must notice 80 %. Prints the share of each file and the changes nobody noticed, and keeps all of it under
 * `reports/mutation`. `npm run mutation -- server/notebook/plan.ts` does it for a file or a folder.
 */
const wanted = process.argv.slice(2);
const stryker = fileURLToPath(import.meta.resolve("./node_modules/@stryker-mutator/core/bin/stryker.js"));
const spared = ["!**/*.test.ts", "!**/__fixtures__/**", "!server/notebook/test-notebooks.ts"];

for (const part of wanted.length > 0 ? wanted : ["server/language", "server/notebook"]) {
  const mutate = [part.endsWith(".ts") ? part : `${part}/**/*.ts`, ...spared].join(",");
  const options = ["run", "mutation/stryker.config.json", "--mutate", mutate];
  const env = { ...process.env, LAYER: part.split("/")[1] };
  const { status } = spawnSync(process.execPath, [stryker, ...options], { env, stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
  const report = part.replace(/^server\//, "").replaceAll(/[/*]/g, "-");
  try {
    renameSync("reports/mutation/mutation.json", `reports/mutation/${report}.json`);
  } catch (error) {
    // Without a report Stryker has said why.
    if (status === 0) throw error;
  }
}
