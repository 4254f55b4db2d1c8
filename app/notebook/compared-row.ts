import type { RowScope, Scope } from "#server/notebook/plan.ts";

/** The row in which a prompt of a sheet is compared. */
export interface ComparedRow {
  /** The prompt's node, and its sheet. */
  readonly node: string;
  readonly sheet: string;
  /** The row's identity; null while it is not known. */
  readonly row: string | null;
}

/** The rows that a run or its estimate goes over, where it names some. */
export interface RunRows {
  readonly rows?: { readonly [sheet: string]: RowScope };
}

/** The rows that running a scope goes over on a page that compares: of the compared prompt its row alone; none are named of anything else. */
export function comparedRows(scope: Scope, compared: ComparedRow | null): RunRows {
  if (compared === null || scope.type !== "cells" || scope.cells.some((cell) => cell !== compared.node)) return {};
  return { rows: { [compared.sheet]: { type: "rows", rows: compared.row === null ? [] : [compared.row] } } };
}
