import { callSums } from "#server/notebook/call-sums.ts";
import type { CallFacts } from "#server/notebook/services.ts";
import type { CellError, Column } from "#server/notebook/value.ts";
import { integers, type Session } from "./duckdb-session.ts";
import type { SheetCatalog, SheetFrame } from "./sheet-catalog.ts";
import { overrideWords } from "./sheet-codes.ts";
import { columnSql } from "./sheet-frames.ts";
import { plainText } from "./sheet-input-sql.ts";
import { placesSql, scopeOfRows, type SomeRows } from "./sheet-scope.ts";
import { specOf } from "./sheet-states.ts";
import type { NodeSpec } from "./sheet-store.ts";
import { statesOf, type StateRecord } from "./sheet-work.ts";
import type { PageCell, ViewPage } from "./sheet-views.ts";
import { longValue, longValueSql, shortBytes, shortLength, shortValue, type ShortValue } from "./short-value.ts";

/** Reads rows of a frame by their places, in the order given, with the cells of some nodes. */
export async function readViewPage(
  catalog: SheetCatalog,
  session: Session,
  frame: SheetFrame,
  ordinals: readonly number[],
  call: { readonly nodes: readonly NodeSpec[]; readonly columns: readonly string[]; readonly cells: readonly string[] },
): Promise<Omit<ViewPage, "total" | "outdated" | "order">> {
  if (ordinals.length === 0) {
    for (const name of call.columns) columnSql(frame.columns, name);
    const none = call.columns.map(() => []);
    return {
      ordinals,
      rows: [],
      columns: none,
      lengths: call.columns.map(() => null),
      cells: Object.fromEntries(call.cells.map((node) => [specOf(call.nodes, node).node, []])),
    };
  }
  const sorted = ordinals.toSorted((left, right) => left - right);
  const places = new Map(sorted.map((ordinal, index) => [ordinal, index]));
  const inOrder = ordinals.map((ordinal) => places.get(ordinal)!);
  const read = await readColumns(session, frame, sorted, call.columns);
  const cells = await readCells(catalog, session, frame, call, scopeOfRows(sorted, read.numbers));
  return {
    ordinals,
    rows: inOrder.map((index) => read.labels[index]!),
    columns: read.columns.map((values) => inOrder.map((index) => values[index]!)),
    lengths: read.lengths.map((values) =>
      values.every((length) => length === null) ? null : inOrder.map((index) => values[index]!),
    ),
    cells: Object.fromEntries(call.cells.map((node, at) => [node, inOrder.map((index) => cells[at]![index]!)])),
  };
}

/** The identities of rows by their places, in the order given. */
export async function readLabels(
  session: Session,
  frame: SheetFrame,
  ordinals: readonly number[],
): Promise<readonly string[]> {
  if (ordinals.length === 0) return [];
  const read = await session.queryColumns(
    `select label from (select unnest($ordinals) as ordinal, generate_subscripts($ordinals, 1) as position)
     join sheet_frame_${frame.id} using (ordinal) order by position`,
    { ordinals: integers(ordinals) },
  );
  return read.columns[0] as readonly string[];
}

interface ReadColumns {
  readonly numbers: readonly number[];
  readonly labels: readonly string[];
  readonly columns: ViewPage["columns"];
  readonly lengths: readonly (readonly (number | null)[])[];
}

/** Numbers, identities and columns of rows by ascending places. */
async function readColumns(
  session: Session,
  frame: SheetFrame,
  ordinals: readonly number[],
  columns: readonly string[],
): Promise<ReadColumns> {
  const wanted = columns.map((name) => shortColumnSql(columnSql(frame.columns, name)));
  const read = await session.queryColumns(`
    select f.row, f.label ${wanted.map((sql) => `, ${sql}`).join("")}
    from ${placesSql(frame, ordinals)} p join sheet_frame_${frame.id} f on f.ordinal = p.ordinal
      join sheet_cells_${frame.id} c on c.ordinal = p.ordinal order by p.ordinal`);
  const [numbers, labels, ...values] = read.columns;
  return {
    numbers: numbers as readonly number[],
    labels: labels as readonly string[],
    columns: columns.map((_, index) =>
      values[index * 3]!.map((value, row) => (value === null ? values[index * 3 + 1]![row]! : value)),
    ),
    lengths: columns.map((_, index) => values[index * 3 + 2] as (number | null)[]),
  };
}

/** A column's value where it is short, else the beginning of its text, and that text's whole length. */
function shortColumnSql({ expression, column }: { readonly expression: string; readonly column: Column }): string {
  if (column.type !== "string" && column.type !== "json" && column.type !== "binary")
    return `c.${expression}, null, null`;
  const text = plainText(`c.${expression}`, column);
  const isLong = column.type === "json" ? `strlen(${text}) > ${shortBytes}` : `length(${text}) > ${shortLength}`;
  return `case when not ${isLong} then c.${expression} end, case when ${isLong} then left(${text}, ${shortLength}) end,
    case when ${isLong} then length(${text}) end`;
}

/** The cells of nodes: for each a list a row by ascending places, with a cell a variant. */
async function readCells(
  catalog: SheetCatalog,
  session: Session,
  frame: SheetFrame,
  { nodes, cells }: { readonly nodes: readonly NodeSpec[]; readonly cells: readonly string[] },
  scope: SomeRows,
): Promise<readonly ViewPage["cells"][string][]> {
  const isShort = `case when strlen(value) <= ${shortBytes} then value end`;
  const more = ["address", "override", isShort, "value is null", "error", "calls"];
  const found = await statesOf(catalog, session, frame, nodes, cells, scope, more);
  const pages: ViewPage["cells"][string][] = [];
  for (const [index, node] of cells.entries()) {
    const records = found[index]!;
    const long = records.flatMap(({ more: [address, , json, isNull] }) =>
      json === null && isNull === false ? [Number(address)] : [],
    );
    const values =
      long.length === 0 ? new Map<number, ShortValue>() : await readLong(catalog, session, frame, node, long);
    const width = specOf(nodes, node).variants.length;
    const row = (at: number): readonly (PageCell | null)[] =>
      records.slice(at * width, (at + 1) * width).map((record) => toCell(record, values));
    pages.push(Array.from({ length: records.length / width }, (_, at) => row(at)));
  }
  return pages;
}

function toCell({ state, more }: StateRecord, long: ReadonlyMap<number, ShortValue>): PageCell | null {
  const { freshness, because, storedKey, outcome } = state;
  if (outcome === null) return null;
  const [address, override, json, , error, calls] = more as readonly [
    number,
    number | null,
    string | null,
    boolean,
    string | null,
    string,
  ];
  const short = json === null ? (long.get(address) ?? { value: null, length: null }) : shortValue(json);
  const base = { freshness, because, storedKey, outcome, ...short };
  if (override !== null) return { ...base, override: overrideWords[override]!, error: null, sums: null };
  return {
    ...base,
    override,
    error: error === null ? null : (JSON.parse(error) as CellError),
    sums: callSums(JSON.parse(calls) as readonly CallFacts[]),
  };
}

/** Values that are too long for a page, in short, by their addresses. */
async function readLong(
  catalog: SheetCatalog,
  session: Session,
  frame: SheetFrame,
  node: string,
  addresses: readonly number[],
): Promise<ReadonlyMap<number, ShortValue>> {
  const tables = `${frame.sheet.id}_${await catalog.node(frame.sheet, node)}`;
  const these = `where address in (${addresses.join(", ")})`;
  const read = await session.queryColumns(`
    select address, ${longValueSql} from (
      select address, value from sheet_overrides_${tables} ${these} union all
      select address, value from sheet_results_${tables} anti join sheet_overrides_${tables} using (address) ${these})`);
  const [found, types, values, lengths, fields] = read.columns as readonly [
    number[],
    string[],
    string[],
    number[],
    (string | null)[],
  ];
  return new Map(
    found.map(
      (address, index) => [address, longValue(types[index]!, values[index]!, lengths[index]!, fields[index]!)] as const,
    ),
  );
}
