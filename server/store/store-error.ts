import { dirname } from "node:path";
import { SheafError } from "#server/notebook/sheaf-error.ts";

/** What `node:sqlite` and `node:fs` put on their errors. */
interface SystemError extends Error {
  readonly code?: string;
  /** SQLite's extended result code; its low byte is the primary one (https://www.sqlite.org/rescode.html). */
  readonly errcode?: number;
  readonly errstr?: string;
}

/**
 * An error of a file or its folder, as a `SheafError` that says what to do: `store.unwritable`, `store.full`,
 * `store.corrupt` or `store.busy`. Anything else (a constraint, a mistake in our SQL) comes back as it is.
 */
export function storeError(thrown: unknown, file: string): unknown {
  if (!(thrown instanceof Error)) return thrown;
  const { code, errcode, errstr, message } = thrown as SystemError;
  const fault = code === "ERR_SQLITE_ERROR" ? sqliteFaults[(errcode ?? 0) & 0xff] : systemFaults[code ?? ""];
  if (fault === undefined) return thrown;
  const reason = errstr === undefined || errstr === message ? message : `${errstr}: ${message}`;
  return new SheafError(fault.code, `${file} ${fault.what} (${reason})`, { cure: fault.cure(file), cause: thrown });
}

interface Fault {
  readonly code: string;
  readonly what: string;
  cure(file: string): string;
}

const unwritable: Fault = {
  code: "store.unwritable",
  what: "cannot be written",
  cure: (file) => `Give this user the right to write in ${dirname(file)}, or choose another folder with --workspace.`,
};

const inTheWay: Fault = {
  code: "store.unwritable",
  what: "cannot be made: a file stands where a folder should be, or a folder where a file should be",
  cure: (file) => `Rename what is in the way of ${file}, or choose another folder with --workspace.`,
};

const full: Fault = {
  code: "store.full",
  what: "cannot grow: the disk or its quota is full",
  cure: (file) => `Make room on the disk of ${dirname(file)} and run again; what was acknowledged is kept.`,
};

const corrupt: Fault = {
  code: "store.corrupt",
  what: "is damaged or is no database",
  cure: (file) =>
    `Move ${file} and the files beside it that begin with its name elsewhere, and put back a copy from your backup.`,
};

const busy: Fault = {
  code: "store.busy",
  what: "is held by another process",
  cure: () => "Wait until the other process has finished, or end it, and run again.",
};

/** By primary result code: PERM, BUSY, LOCKED, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB. */
const sqliteFaults: { readonly [primaryCode: number]: Fault } = {
  3: unwritable,
  5: busy,
  6: busy,
  8: unwritable,
  10: unwritable,
  11: corrupt,
  13: full,
  14: unwritable,
  26: corrupt,
};

const systemFaults: { readonly [code: string]: Fault } = {
  EACCES: unwritable,
  EPERM: unwritable,
  EROFS: unwritable,
  EIO: unwritable,
  ENOENT: unwritable,
  ENOTDIR: inTheWay,
  EEXIST: inTheWay,
  EISDIR: inTheWay,
  ENOSPC: full,
  EDQUOT: full,
};
