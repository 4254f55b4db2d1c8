import { mostRowsOfView, type SheetView, type ViewFilter } from "#server/notebook/sheet-view.ts";
import type { RunContext } from "./run-context.ts";
import { withSheet } from "./sheet-opened.ts";
import { orderNow, type RowRequest } from "./sheet-rows.ts";

/** The rows of a view that a run is to go over: those of one more filter, or the first so many. */
export type ViewRowScope = ViewFilter | { readonly type: "first"; readonly count: number } | { readonly type: "all" };

/** Identities of rows, at most `mostRowsOfView`, and how many there are. */
export interface RowsFound {
  readonly total: number;
  readonly rows: readonly string[];
}

/**
 * The identities of rows of a view, as it is now and in its order, for `RowScope` `rows`: of the first those of the order that is
 * shown. Null where the sheet's rows are not settled.
 */
export async function rowsOf(
  id: string,
  view: SheetView,
  scope: ViewRowScope,
  context: Pick<RunContext, "state" | "tables">,
  shown?: Pick<RowRequest, "order">,
): Promise<RowsFound | null> {
  const first = scope.type === "first" ? Math.min(scope.count, mostRowsOfView) : mostRowsOfView;
  const filters = scope.type === "first" || scope.type === "all" ? view.filters : [...view.filters, scope];
  return await withSheet(id, { ...view, filters }, context, async ({ call }) => {
    // The first rows are those that are seen, the others those that are there.
    const order = orderNow(context, scope.type === "first" ? { ...shown } : { fresh: true });
    const { total, rows } = await context.tables.sheets.viewRows({ ...call, ...order, from: 0, to: first });
    return { total: scope.type === "first" ? Math.min(total, scope.count) : total, rows };
  });
}
