import { basename } from "node:path";
import { readFile } from "node:fs/promises";
import type { Baseline } from "#server/notebook/baseline.ts";
import { parseBaseline } from "#server/notebook/parse-baseline.ts";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";
import { pathBeside } from "./path-beside.ts";

/** The baseline's file of a notebook's file: `triage.baseline.jsonl` beside `triage.md`. */
export function baselinePath(notebook: string): string {
  return pathBeside(notebook, "baseline");
}

/** Its name without the folder, for messages. */
export function baselineName(notebook: string): string {
  return basename(baselinePath(notebook));
}

/**
 * The baseline beside a notebook's file as it is now; null where there is none. Throws `baseline.folder`, or what `parseBaseline` throws, with
 * the name of the file: its lines are not the notebook's.
 */
export async function readBaseline(notebook: string): Promise<Baseline | null> {
  let text: string;
  try {
    text = await readFile(baselinePath(notebook), "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return null;
    if (code !== "EISDIR") throw error;
    throw new SheafError("baseline.folder", `${baselineName(notebook)} is a folder, and no baseline`, {
      cure: "Give it another name; `sheaf baseline` writes the file.",
      cause: error,
    });
  }
  try {
    return parseBaseline(text);
  } catch (thrown) {
    const { code, message, cure, position } = toCellError(thrown);
    const place = position === undefined ? "" : `, line ${position.line}`;
    throw new SheafError(code, `${baselineName(notebook)}${place}: ${message}`, { cure: cure!, cause: thrown });
  }
}
