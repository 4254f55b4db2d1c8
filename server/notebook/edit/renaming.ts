import { foldName } from "../names.ts";
import type { Diagnostic } from "../notebook.ts";

/** A rename as it looks from one cell: paths and what they become, `topic` → `answer`, `triage.topic` → `triage.answer`. */
export interface Renaming {
  readonly pairs: readonly PathPair[];
  /** True where an input is renamed: keys of `with` follow. */
  readonly isInput: boolean;
  /** True in a sheet where the name without `$` is the row's column to a formula: what is renamed stands outside, as `$name`. */
  readonly isOutside?: boolean;
  /** True in a sheet whose rows have the renamed column: a formula there has it by its name. */
  readonly isRowColumn?: boolean;
  /** Whether a field names columns, without `=`, of a table that has the renamed one. */
  isColumnField?(field: string): boolean;
  /** Whether a cell's table, or of a sheet its rows, has a column of this name, which stays; null where that is not known. */
  hasColumn?(cell: string, column: string): boolean | null;
}

export interface PathPair {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** A text after a rename, and what could not be followed in it. */
export interface Renamed {
  readonly source: string;
  readonly warnings: readonly Pick<Diagnostic, "message" | "cure">[];
}

/** A dotted name after a rename: `triage.correct.score` where `triage.correct` is renamed. */
export function renamePath(text: string, { pairs }: Renaming): string {
  const parts = text.split(".");
  for (const { from, to } of pairs)
    if (from.every((part, index) => parts[index] === part)) parts.splice(0, to.length, ...to);
  return parts.join(".");
}

/** True where a text has one of the renamed names as a word at all, whatever its case. */
export function mentions(text: string, { pairs }: Renaming): boolean {
  return pairs.some(({ from }) =>
    new RegExp(`(?<![A-Za-z0-9_])${foldName(from.at(-1)!)}(?![A-Za-z0-9_])`, "i").test(text),
  );
}
