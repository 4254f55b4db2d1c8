import { statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** The folder the person stands in: npm runs scripts in the package's folder and says in `INIT_CWD` where it was called. */
export function standingFolder(): string {
  return process.env["INIT_CWD"] ?? process.cwd();
}

/**
 * The workspace of a command: what `--workspace` names, or else the nearest folder at or above `near` that has a folder `.sheaf` or
 * `datasets`, or else `standing`, the folder the person stands in.
 */
export function workspaceFolder(named: string | undefined, near: string, standing: string): string {
  if (named !== undefined) return resolve(standing, named);
  for (let folder = near; ; folder = dirname(folder)) {
    if (isFolder(join(folder, ".sheaf")) || isFolder(join(folder, "datasets"))) return folder;
    if (folder === dirname(folder)) return standing;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
