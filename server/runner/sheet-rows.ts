import { variantsOf } from "#server/notebook/axis.ts";
import type { Coordinates } from "#server/notebook/address.ts";
import type { CallSums } from "#server/notebook/call-sums.ts";
import type { Freshness } from "#server/notebook/freshness.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import type { SheetView } from "#server/notebook/sheet-view.ts";
import type { CellError, Datum, Value } from "#server/notebook/value.ts";
import type { PageCell, ViewOrder } from "#server/tables/sheet-views.ts";
import type { RunContext } from "./run-context.ts";
import type { Outcome } from "./run-event.ts";
import { freshnessReader } from "./sheet-freshness.ts";
import { withSheet, type OpenedSheet } from "./sheet-opened.ts";

type Context = Pick<RunContext, "state" | "tables">;

/** Which of a view's rows are read, counted from 0, and what of them. */
export interface RowRequest {
  readonly from: number;
  /** The first that is not read. */
  readonly to: number;
  /** Columns of the rows; all where nothing is said. */
  readonly columns?: readonly string[];
  /** Cells by their names in the sheet; those it shows where nothing is said. */
  readonly cells?: readonly string[];
  /** The rows are filtered and sorted anew where results have changed, also while a run is on. */
  readonly fresh?: boolean;
  /** The order that is shown, as `SheetRows` has it: rows keep their places in it, unless they are asked for anew. */
  readonly order?: string;
  /** Aborts when nobody wants them any more. */
  readonly signal?: AbortSignal;
}

/** A page of a view. */
export interface SheetRows {
  /** Rows of the sheet, and of the view. */
  readonly rowCount: number;
  readonly total: number;
  /** Whether the rows are those of now: where what gives them is not settled, they are those of before. */
  readonly settled: boolean;
  /** While results come in, the rows keep their places: then a filter may no longer hold of all of them, nor the order. */
  readonly outdated: boolean;
  /** Which order the rows are of: pages of two orders are no parts of one list. */
  readonly order: string;
  readonly columns: readonly string[];
  /** The variants of each cell, in the order in which rows have them. */
  readonly variants: { readonly [cell: string]: readonly Coordinates[] };
  readonly rows: readonly SheetRow[];
}

export interface SheetRow {
  /** Its identity. */
  readonly row: string;
  /** Its number in the sheet, from 1. */
  readonly ordinal: number;
  readonly columns: readonly Datum[];
  /** Whole lengths in characters of texts among the columns that are cut to 500. */
  readonly lengths: { readonly [column: string]: number };
  /** A cell for each variant; null where there is nothing. */
  readonly cells: { readonly [cell: string]: readonly (SheetCell | null)[] };
}

/** A result as a grid shows it. Facts of its calls are null where a person's value stands. */
export interface SheetCell extends CallSums {
  readonly at: Coordinates;
  /** Of a stale one with its reasons. */
  readonly freshness: Freshness;
  readonly outcome: Outcome;
  /**
   * The value, a long one in short: a text of more than 500 characters is cut; a long score has no checks, and a long table no
   * rows; of anything else long it is the beginning of its JSON, as a text.
   */
  readonly value: Value | null;
  /** The whole length in characters of a text that is cut. */
  readonly length: number | null;
  /** Of an object of which the value is the beginning of its JSON, the fields, each in short. */
  readonly fields?: { readonly [name: string]: Datum };
  readonly error: CellError | null;
  readonly override: "locked" | "edited" | null;
}

/** Rows of a view of a sheet with their cells. Null where it has none, and had none before. */
export async function sheetRows(
  id: string,
  view: SheetView,
  request: RowRequest,
  context: Context,
): Promise<SheetRows | null> {
  const read = async ({ frame, settled, call, shown, node }: OpenedSheet): Promise<SheetRows> => {
    const nodes = request.cells?.map(node) ?? shown;
    const { columns = frame.columns } = request;
    const cells = nodes.map(({ name }) => name);
    const { from, to } = request;
    const page = await context.tables.sheets.viewPage(
      { ...call, ...orderNow(context, request), from, to, columns, cells },
      request.signal === undefined ? {} : { signal: request.signal },
    );
    const cellsOf = nodes.map((one) => cellReader(one, context));
    return {
      rowCount: frame.rowCount,
      total: page.total,
      settled,
      outdated: page.outdated,
      order: page.order,
      columns,
      variants: Object.fromEntries(nodes.map(({ name, axes }) => [name, variantsOf(axes)])),
      rows: page.rows.map((row, index) => ({
        row,
        ordinal: page.ordinals[index]! + 1,
        columns: page.columns.map((values) => values[index]!),
        lengths: Object.fromEntries(
          page.lengths.flatMap((lengths, column) =>
            typeof lengths?.[index] === "number" ? [[columns[column]!, lengths[index]]] : [],
          ),
        ),
        cells: Object.fromEntries(nodes.map(({ name }, at) => [name, page.cells[name]![index]!.map(cellsOf[at]!)])),
      })),
    };
  };
  return await withSheet(id, view, context, read, { orEarlier: true });
}

function cellReader(node: Node, context: Context): (cell: PageCell | null, place: number) => SheetCell | null {
  const freshnessOf = freshnessReader(node, context);
  const variants = variantsOf(node.axes);
  return (cell, place) => {
    if (cell === null) return null;
    const at = variants[place]!;
    const { outcome, value, length, fields, error, override, sums } = cell;
    const freshness = freshnessOf({ ...cell, at });
    const parts = fields === undefined ? {} : { fields };
    return { at, freshness, outcome, value, length, ...parts, error, override, ...(sums ?? nothingCalled) };
  };
}

const nothingCalled: CallSums = { cost: null, input: null, output: null, latency: null, cached: null };

/** While a run is on, and for who shows them, rows keep their places unless they are asked for anew. */
export function orderNow({ state }: Context, { fresh = false, order }: Pick<RowRequest, "fresh" | "order">): ViewOrder {
  return { hold: state.claims.busy, fresh, order: order ?? null };
}
