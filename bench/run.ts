import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { tableText } from "#server/command-line/table-text.ts";
import { goalText, isMet, number, type Figure, type Message, type Unmeasured } from "./figure.ts";

/**
 * Measures all there is, one script after another, each in a process of its own, and ends with one table: our figure, the bare
 * mechanism's of the same run, their ratio, and the goal where there is one. `npm run bench -- NAME …` runs only those.
 * Exits with 1 where a goal was missed or a script failed; what could not be measured here is neither.
 */
const scripts = [
  "format",
  "language",
  "engine",
  "sheet-freshness",
  "sheet-pages",
  "tables",
  "retrieve",
  "store",
  "model-calls",
  "faulty-calls",
  "gateway",
  "workbench",
  "endpoint",
  "local-models",
  "estimates",
] as const;

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !scripts.some((script) => script === name));
if (unknown.length > 0) {
  console.error(`There is no bench named ${unknown.join(", ")}. There are: ${scripts.join(", ")}.`);
  process.exit(2);
}

const figures: Figure[] = [];
const unmeasured: Unmeasured[] = [];
for (const script of scripts.filter((name) => wanted.length === 0 || wanted.includes(name))) {
  console.log(`\n${script}\n${"─".repeat(script.length)}`);
  await measure(script);
}

const rows = figures.map((figure) => ({
  what: figure.what,
  ours: `${number(figure.ours)} ${figure.unit}`,
  bare: figure.bare === null ? "" : number(figure.bare.figure),
  "bare mechanism": figure.bare?.what ?? "",
  ratio: figure.bare === null ? "" : number(figure.ours / figure.bare.figure),
  goal: goalText(figure),
  met: { true: "yes", false: "NO", null: "" }[`${isMet(figure)}`],
}));
console.log(`\n${tableText(["what", "ours", "bare", "bare mechanism", "ratio", "goal", "met"], rows, 400)}`);
for (const { what, because } of unmeasured) console.log(`not measured: ${what}, ${because}`);
const missed = figures.filter((figure) => isMet(figure) === false);
for (const { what } of missed) console.log(`goal missed: ${what}`);
if (missed.length > 0) process.exitCode = 1;

/** Runs a script to its end; what it tells is kept. One that fails is said, and the rest runs. */
async function measure(script: string): Promise<void> {
  const child = fork(fileURLToPath(new URL(`${script}.ts`, import.meta.url)));
  child.on("message", (message: Message) => {
    if ("figure" in message) figures.push(message.figure);
    else unmeasured.push(message.unmeasured);
  });
  const ended = await new Promise<string | number | null>((resolve) => {
    child.on("close", (code, signal) => resolve(code ?? signal));
  });
  if (ended === 0) return;
  unmeasured.push({ what: script, because: `it ended with ${ended}: see above` });
  process.exitCode = 1;
}
