import { toJson } from "#server/notebook/to-json.ts";
import { baselineName } from "#server/runner/baseline-file.ts";
import { keepBaseline, type KeptBaseline } from "#server/workbench/keep-baseline.ts";
import type { Command } from "./command.ts";
import { openForCommand } from "./session-options.ts";

const usage = "sheaf baseline FILE [--set name=value] [--cell NAME] [--json] [--workspace DIR]";

/** Keeps a notebook's results as they stand as its baseline, to which later ones are compared. Runs nothing. */
export const baseline: Command = {
  name: "baseline",
  usage,
  help: `Writes NAME.baseline.jsonl beside NAME.md: the results that are current, locked or edited, without their texts, to be
committed with the notebook. Nothing is run, and nothing is spent. \`sheaf test\` compares what comes later with it.

  --set name=value  the results at another value of an input; may be repeated
  --cell NAME       only this cell, a sheet with its columns, or SHEET.COLUMN
  --json            print one JSON object instead of text
  --workspace DIR   the folder of datasets and results; by default the nearest folder at or above FILE that has a folder
                    .sheaf or datasets, or the current one

Exit code 0: it is written; 2: it could not be, or nothing is current.`,
  async run(words, terminal) {
    const opened = await openForCommand(words, usage, terminal, ["set", "cell", "json", "workspace"]);
    const { session, runtime, found, cell, json } = opened;
    try {
      const kept = await keepBaseline(found, session, runtime, cell);
      if (json) terminal.data(`${toJson(kept)}\n`);
      terminal.error(`${baselineName(found)}: ${many(kept.results, "result")}, ${size(kept.bytes)}\n${leftText(kept)}`);
      return 0;
    } finally {
      await runtime.close();
    }
  },
};

/** What a reader should know that is not in it, a line each. */
function leftText({ failed, left }: KeptBaseline): string {
  const { stale, never, unfinished, sheets } = left;
  const parts = [
    ...(stale === 0 ? [] : [`${stale} stale`]),
    ...(never === 0 ? [] : [`${never} never run`]),
    ...(unfinished === 0 ? [] : [`${unfinished} open`]),
    ...sheets.map((sheet) => `all of \`${sheet}\`, whose rows are not current`),
  ];
  return [
    ...(failed === 0 ? [] : [`${many(failed, "of them is an error", "of them are errors")}.\n`]),
    ...(parts.length === 0
      ? []
      : [`Left out: ${parts.join(", ")}. Run the notebook and write it again to have them.\n`]),
  ].join("");
}

function many(count: number, one: string, more = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : more}`;
}

function size(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
