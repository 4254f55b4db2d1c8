import { spawnSync } from "node:child_process";
import { globSync, readFileSync, renameSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { tried, type Report } from "./tried.ts";
import { windows } from "./windows.ts";

/**
 * Changes the pure layers one small place at a time and counts the changes their tests notice: Stryker, twice a layer, for what its functions
 * do and for what its modules do when they are loaded. Of each layer 80 % must be noticed. Prints the share of each file and the changes
 * nobody noticed, and keeps all of it under `reports/mutation`. `npm run mutation -- server/notebook/plan.ts` does it for a file or a
 * folder, and `--share 0.1 --seed 1` for a tenth of the lines, taken at random: all of both layers take hours.
 */
const { values, positionals } = parseArgs({
  options: { share: { type: "string", default: "1" }, seed: { type: "string", default: "1" } },
  allowPositionals: true,
});
const goal = 0.8;
const configs = ["stryker.config.json", "at-load.config.mjs"];
const share = Number(values.share);
const stryker = fileURLToPath(import.meta.resolve("./node_modules/@stryker-mutator/core/bin/stryker.js"));
const isSpared = (path: string): boolean =>
  path.endsWith(".test.ts") || path.includes("__fixtures__") || path === "server/notebook/test-notebooks.ts";

/** Has Stryker try the changes of one kind; null where it could not. */
function reportOf(config: string, layer: string | undefined, mutate: readonly string[], name: string): Report | null {
  const written = "reports/mutation/mutation.json";
  rmSync(written, { force: true });
  const options = ["run", `mutation/${config}`, "--mutate", mutate.join(",")];
  const env = { ...process.env, LAYER: layer };
  const { status } = spawnSync(process.execPath, [stryker, ...options], { env, stdio: "inherit" });
  // Without a report Stryker has said why.
  if (status !== 0) return null;
  const kept = `reports/mutation/${name}-${config.slice(0, config.indexOf("."))}.json`;
  renameSync(written, kept);
  return JSON.parse(readFileSync(kept, "utf8")) as Report;
}

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
  const name = `${part.replace(/^server\//, "").replaceAll(/[/*]/g, "-")}${share < 1 ? `-${share}-${values.seed}` : ""}`;
  const reports = configs.map((config) => reportOf(config, part.split("/")[1], mutate, name));
  const { changes, noticed, untried } = tried(reports.filter((report) => report !== null));
  const percent = ((100 * noticed) / changes).toFixed(1);
  process.stdout.write(`${part}: ${noticed} of ${changes} changes noticed, ${percent} %; ${untried} not tried\n`);
  if (reports.includes(null) || noticed < goal * changes) process.exitCode = 1;
}
