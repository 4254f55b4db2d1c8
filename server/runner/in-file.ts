import { issuePlace } from "#server/notebook/configuration-problems.ts";
import { filePosition } from "#server/notebook/file-position.ts";
import type { Cell } from "#server/notebook/notebook.ts";
import type { CellError } from "#server/notebook/value.ts";
import type { RunContext } from "./run-context.ts";

/** An error of a cell's body, whose place counts in its source, with its place in the file. */
export function inFile(error: CellError, cell: Cell, { state }: Pick<RunContext, "state">): CellError {
  const { position } = error;
  return position === undefined
    ? atCell(error, cell)
    : { ...error, position: filePosition(state.notebook.text, cell, position.offset, position.length) };
}

/** An error that has its place in the file or none; then it stands at the field it is about, or at its cell. */
export function atCell({ field, ...error }: CellError, cell: Cell): CellError {
  const { positions } = cell.configuration;
  const named = field === undefined ? fieldsOf(error.code).find((name) => positions[name] !== undefined) : field;
  const place = named === undefined ? cell.position : issuePlace({ path: named.split(".") }, cell);
  return { ...error, position: error.position ?? place };
}

/** The fields that errors of models and of dataset files are about. */
function fieldsOf(code: string): readonly string[] {
  if (code.startsWith("model.")) return ["model", "models"];
  if (!code.startsWith("data.")) return [];
  return code.endsWith("-key") ? ["key"] : ["file"];
}
