import type { NotebookView } from "#server/workbench/view.ts";
import { atRest, type CellWork } from "./cell-look";
import type { CellColumn } from "./columns";
import type { GridRow } from "./sheet-rows-signal";

/** What goes on at a cell of a sheet in the runs that are on: `addressOf` gives the address of one of its repeats. */
export function cellWork(
  sheet: string,
  view: Pick<NotebookView, "nodes" | "streams" | "runs">,
  { row, column }: { readonly row: GridRow; readonly column: CellColumn },
  addressOf: (place: number) => string,
): CellWork {
  const progress = view.nodes[column.node]?.progress ?? null;
  if (progress === null) return atRest;
  const stream = column.places.map((_, place) => view.streams[addressOf(place)]).find(Boolean) ?? null;
  return { queued: stream !== null || isInRun(sheet, view.runs[progress.run], row, column), stream };
}

/** Whether a run goes over a row of a sheet at some variant that has the labels. */
export function isInRun(
  sheet: string,
  run: NotebookView["runs"][string] | undefined,
  row: Pick<GridRow, "row" | "ordinal">,
  column: Pick<CellColumn, "at">,
): boolean {
  const { rows: over = {}, at = [] } = run ?? {};
  const isOf = (labels: CellColumn["at"]): boolean =>
    Object.entries(labels).every(([axis, label]) => axis === sheet || (column.at[axis] ?? label) === label);
  if (at.length > 0 && !at.some(isOf)) return false;
  const scope = over[sheet];
  if (scope?.type === "first") return row.ordinal <= scope.count;
  return scope?.type === "rows" ? scope.rows.includes(row.row) : true;
}
