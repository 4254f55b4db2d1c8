import { addressText } from "#server/notebook/address.ts";
import { toValue, type Datum, type Value } from "#server/notebook/value.ts";
import type { SheetCell, SheetRows } from "#server/runner/sheet-rows.ts";
import type { CellColumn, GridColumn } from "../columns.ts";
import { selectionAt, type GridRange, type GridSelection } from "../grid/selection.ts";
import type { RowsAsked } from "../sheet-api.ts";
import type { SheetModel } from "../sheet-model.ts";
import type { GridRow } from "../sheet-rows-signal.ts";

/** One note as it goes to the server. */
export interface SentNote {
  readonly address: string;
  readonly type: string;
  readonly value?: unknown;
}

/** A column of results. */
export function cellColumn(cell: string, more: Partial<CellColumn> = {}): CellColumn {
  const { kind = "prompt", field = null } = more;
  return {
    type: "cell",
    id: `cell ${cell}${field === null ? "" : `.${field}`}`,
    node: `s.${cell}`,
    cell,
    kind,
    at: {},
    field,
    places: [0],
    label: "",
    folded: 0,
    score: null,
    entry: null,
    numeric: false,
    ...more,
  };
}

/** A column of labels that are text. */
export const labelColumn = (cell: string): CellColumn => cellColumn(cell, { kind: "label", entry: "string" });

/** A result as a page has it. */
export function sheetCell(value: Value | Datum, more: Partial<SheetCell> = {}): SheetCell {
  const isValue = typeof value === "object" && value !== null && "type" in value;
  return {
    at: {},
    freshness: { state: "edited" },
    outcome: "ok",
    value: isValue ? (value as Value) : toValue(value as Datum),
    length: null,
    error: null,
    override: "edited",
    cost: null,
    input: null,
    output: null,
    latency: null,
    cached: null,
    ...more,
  };
}

/** A row with the results of its cells. */
export function gridRow(row: string, cells: GridRow["cells"]): GridRow {
  return { row, ordinal: 1, columns: [], lengths: {}, values: {}, cells };
}

/** A sheet's model over rows that are given, and what is sent of it. */
export function testSheet(columns: readonly GridColumn[], rows: GridRow[]) {
  let selection: GridSelection = selectionAt({ row: 0, column: 0 });
  const sent: { readonly title: string; readonly notes: readonly SentNote[] }[] = [];
  const asked: RowsAsked[] = [];
  /** The places of rows that were read before the last change. */
  const old = new Set<number>();
  let changes = 0;
  /** What the server says instead of answering, its rows and their order, and whole values by cell. */
  const server = {
    down: null as Error | null,
    order: "shown",
    rows,
    whole: {} as { [cell: string]: Value },
  };
  /** Whether what is typed is the grid's. */
  const focus = { isHere: true };
  const answered = <Answer>(answer: Answer): Promise<Answer> =>
    server.down === null ? Promise.resolve(answer) : Promise.reject(server.down);
  const page = ({ from, to, ...request }: RowsAsked): SheetRows => {
    asked.push({ from, to, ...request });
    return {
      rowCount: rows.length,
      total: rows.length,
      settled: true,
      outdated: false,
      order: server.order,
      columns: [],
      variants: {},
      rows: server.rows.slice(from, to),
    };
  };
  const model = {
    id: "s",
    api: {
      rows: (request: RowsAsked) => answered(page(request)),
      note: async (title: string, notes: readonly SentNote[]) => {
        await answered(null);
        sent.push({ title, notes });
      },
    },
    notebook: {
      actions: {},
      store: { view: { cells: { good: { configuration: { threshold: 0.8 } } } } },
    },
    columns: () => columns,
    view: () => ({ filters: [], sort: [], search: "" }),
    selection: () => selection,
    select: (next: GridSelection) => void (selection = next),
    hasFocus: () => focus.isHere,
    size: () => ({ rows: rows.length, columns: columns.length, page: 10 }),
    rows: {
      row: (index: number) => rows[index],
      isNow: (index: number) => index < rows.length && !old.has(index),
      isSeen: () => false,
      order: () => "shown",
      changed: () => void (changes += 1),
    },
    node: ({ cell }: CellColumn) => ({ cells: [cell] }),
    activeColumn: () => columns[selection.active.column],
    activeRow: () => rows[selection.active.row],
    address: (row: GridRow, { node, at, places }: CellColumn, place = 0) =>
      addressText({ cell: node, at: { ...at, ...(places.length > 1 ? { repeat: String(place + 1) } : {}), s: row.row } }),
    value: (row: GridRow, column: GridColumn) =>
      answered(
        column.type === "row"
          ? toValue(row.values[column.name] ?? null)
          : (server.whole[`${row.row} ${column.cell} ${column.places[0]}`] ??
              row.cells[column.cell]?.[column.places[0]!]?.value ??
              null),
      ),
  } as unknown as SheetModel;
  return {
    model,
    server,
    focus,
    rows,
    sent,
    asked,
    old,
    changes: () => changes,
    select: ({ top, left, bottom, right }: GridRange) =>
      model.select({
        active: { row: top, column: left },
        anchor: { row: top, column: left },
        head: { row: bottom, column: right },
      }),
  };
}
