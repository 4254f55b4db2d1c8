import type { CellError } from "#server/notebook/value.ts";

/** Tells whoever runs the server of something that went wrong where nobody waits for an answer. `doing` says at what: `opening the sheet triage`. */
export type Report = (doing: string, error: CellError) => void;

/** Tells it on this process's standard error. */
export function reportOnStderr(doing: string, error: CellError): void {
  process.stderr.write(`${reportText(doing, error)}\n`);
}

/** A report as one line. */
export function reportText(doing: string, { code, message, cure }: CellError): string {
  return `${doing}: ${message} (${code})${cure === undefined ? "" : ` / ${cure}`}`;
}
