import { isAt } from "#server/notebook/axis.ts";
import type { SheetCell, SheetRow } from "#server/runner/sheet-rows.ts";
import type { CellColumn } from "./columns";

/** The score that judges a result of a row, by the result's place among its variants; null where there is none. The score may have its axes in another order. */
export function scoreOf(
  { cells }: Pick<SheetRow, "cells">,
  column: Pick<CellColumn, "cell" | "score">,
  place: number,
): SheetCell | null {
  const judged = cells[column.cell]?.[place] ?? null;
  const scores = column.score === null ? undefined : cells[column.score];
  if (judged === null || scores === undefined) return null;
  return scores.find((score) => score !== null && isAt(score.at, judged.at)) ?? null;
}
