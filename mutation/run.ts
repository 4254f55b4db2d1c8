import { spawnSync } from "node:child_process";
import { globSync, readFileSync, renameSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { windows } from "./windows.ts";

/**
 * Changes the pure layers one small place at a time and counts the changes their tests notice: Stryker, once a layer, each of
 * which must notice 80 %. Prints the share of each file and the changes nobody noticed, and keeps all of it under
 * `reports/mutation`. `npm run mutation -- server/notebook/plan.ts` does it for a file or a folder, and `--share 0.1 --seed 1` for
 * a tenth of the lines, taken at random: all of both layers take hours.
 */
const { values, positionals } = parseArgs({
  options: { share: { type: "string", default: "1" }, seed: { type: "string", default: "1" } },
  allowPositionals: true,
});
const share = Number(values.share);
const stryker = fileURLToPath(import.meta.resolve("./node_modules/@stryker-mutator/core/bin/stryker.js"));
const isSpared = (path: string): boolean =>
  path.endsWith(".test.ts") || path.includes("__fixtures__") || path === "server/notebook/test-notebooks.ts";

for (const part of positionals.length > 0 ? positionals : ["server/language", "server/notebook"]) {
  const files = (part.endsWith(".ts") ? [part] : globSync(`${part}/**/*.ts`)).filter((path) => !isSpared(path)).sort();
  const mutate =
    share < 1
      ? windows(
          files.map((path) => ({ path, lines: readFileSync(path, "utf8").split("\n").length })),
          share,
          Number(values.seed),
        )
      : files;
  const options = ["run", "mutation/stryker.config.json", "--mutate", mutate.join(",")];
  const env = { ...process.env, LAYER: part.split("/")[1] };
  const { status } = spawnSync(process.execPath, [stryker, ...options], { env, stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
  const report = `${part.replace(/^server\//, "").replaceAll(/[/*]/g, "-")}${share < 1 ? `-${share}-${values.seed}` : ""}`;
  try {
    renameSync("reports/mutation/mutation.json", `reports/mutation/${report}.json`);
  } catch (error) {
    // Without a report Stryker has said why.
    if (status === 0) throw error;
  }
}
