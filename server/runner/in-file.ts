import { filePosition } from "#server/notebook/file-position.ts";
import type { Cell } from "#server/notebook/notebook.ts";
import type { CellError } from "#server/notebook/value.ts";
import type { RunContext } from "./run-context.ts";

/** An error of a cell's body, whose place counts in its source, with its place in the file. */
export function inFile(error: CellError, cell: Cell, { state }: Pick<RunContext, "state">): CellError {
  const { position } = error;
  return position === undefined
    ? error
    : { ...error, position: filePosition(state.notebook.text, cell, position.offset, position.length) };
}
