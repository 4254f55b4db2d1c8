import { toCellError } from "#server/notebook/sheaf-error.ts";
import type { CellError } from "#server/notebook/value.ts";
import type { Terminal } from "./terminal.ts";

/** An error as lines: where, what, and what to do. */
export function errorText(error: CellError, where = ""): string {
  const { position, message, cure } = error;
  const place = position === undefined ? where : `${where}:${position.line}:${position.column}`;
  return `${place === "" ? "" : `${place}: `}${message}${cure === undefined ? "" : `\n  ${cure}`}\n`;
}

export function showError(thrown: unknown, terminal: Terminal): void {
  terminal.error(`sheaf: ${errorText(toCellError(thrown))}`);
}
