import { toCellError } from "#server/notebook/sheaf-error.ts";
import type { CellError } from "#server/notebook/value.ts";
import type { Terminal } from "./terminal.ts";

/** An error as lines: where in which file, of which cell, what, and what to do. Without a place the cell alone says where. */
export function errorText(error: CellError, file = "", cell = ""): string {
  const { position, message, cure } = error;
  const place = position === undefined ? "" : `${file === "" ? "" : `${file}:`}${position.line}:${position.column}`;
  const where = [place === "" && cell === "" ? file : place, cell].filter((part) => part !== "");
  return `${[...where, message.replaceAll("\n", "\n  ")].join(": ")}${cure === undefined ? "" : `\n  ${cure}`}\n`;
}

export function showError(thrown: unknown, terminal: Terminal): void {
  terminal.error(`sheaf: ${errorText(toCellError(thrown))}`);
}
