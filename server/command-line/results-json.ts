import { addressText, type Coordinates } from "#server/notebook/address.ts";
import { chosenVariant, variantsOf } from "#server/notebook/axis.ts";
import type { Freshness } from "#server/notebook/freshness.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import { isPart } from "#server/notebook/part-of-cell.ts";
import { toCellError } from "#server/notebook/sheaf-error.ts";
import type { CellError, Datum, Table, Value } from "#server/notebook/value.ts";
import { closedSheet } from "#server/runner/node-values.ts";
import { resultsTable } from "#server/runner/results-state.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import type { Session } from "#server/runner/session.ts";
import { metaColumn } from "./meta-column.ts";
import { isTableHandle, namedRows, type PlainTable } from "./plain-value.ts";

/** A result as plain data. Its outcome is null where it never ran; `partial` is the text that came before it was stopped. */
export interface PlainResult {
  readonly outcome: string | null;
  readonly value: unknown;
  readonly partial?: unknown;
  readonly error?: CellError;
  readonly because?: readonly string[];
  /** True where an answer of it ended at the most tokens it may have. */
  readonly cut_off?: true;
}

/** A cell's result at one of its labels. */
export interface PlainVariant extends PlainResult {
  readonly at: Coordinates;
  readonly freshness: Freshness["state"];
}

/** A cell's result; `variants` where it has axes, `cells` for a sheet. */
export interface PlainCell extends PlainResult {
  readonly freshness: Freshness["state"];
  readonly variants?: readonly PlainVariant[];
  readonly cells?: { readonly [name: string]: PlainColumn };
}

/** The results of a sheet's column as a table; of one with a mistake in the notebook that is empty, and says which. */
export interface PlainColumn extends PlainTable {
  readonly outcome?: "blocked";
  readonly error?: CellError;
  /** How many of all its results came of an answer that ended at the most tokens it may have, where there are any. */
  readonly cut_off?: number;
}

const shownRows = 1000;

/** Every cell's result as plain data, by name. */
export async function plainCells(session: Session, runtime: Runtime): Promise<{ readonly [name: string]: PlainCell }> {
  const { graph } = session.state;
  const freshness = session.freshness();
  const cells: { [name: string]: PlainCell } = {};
  for (const node of graph.nodes.values()) {
    if (node.sheet === null && !isPart(node.id))
      cells[node.id] = graph.sheets.has(node.id)
        ? await plainSheet(node, session, runtime, freshness)
        : await plainCell(node, session, runtime, freshness);
  }
  return cells;
}

async function plainCell(
  node: Node,
  session: Session,
  runtime: Runtime,
  freshness: ReadonlyMap<string, Freshness>,
): Promise<PlainCell> {
  const at = chosenVariant(node.axes, session.state.graph.front.choose);
  const shown = await plainResult(addressText({ cell: node.id, at }), session, runtime, node);
  const stateOf = (address: string) => freshness.get(address)?.state ?? "never";
  const state = stateOf(addressText({ cell: node.id, at }));
  if (node.axes.length === 0 || node.blocked !== null) return { ...shown, freshness: state };
  const variants: PlainVariant[] = [];
  for (const variant of variantsOf(node.axes)) {
    const address = addressText({ cell: node.id, at: variant });
    variants.push({
      at: variant,
      ...(await plainResult(address, session, runtime, node)),
      freshness: stateOf(address),
    });
  }
  return { ...shown, freshness: state, variants };
}

async function plainResult(address: string, session: Session, runtime: Runtime, node: Node): Promise<PlainResult> {
  try {
    return await keptResult(address, session, runtime, node);
  } catch (thrown) {
    return { outcome: "error", value: null, error: unreadable(thrown) };
  }
}

/** The error of a value whose rows are kept no longer: it is one cell's, and the others are shown. */
function unreadable(thrown: unknown): CellError {
  const error = toCellError(thrown);
  if (error.code !== "data.missing") throw thrown;
  return error;
}

async function keptResult(address: string, session: Session, runtime: Runtime, node: Node): Promise<PlainResult> {
  const override = session.state.overrides.get(address);
  const result = session.state.results.get(address);
  if (override !== undefined) return { outcome: "ok", value: await plainValue(override.value, runtime) };
  if (result === undefined)
    return node.blocked === null
      ? { outcome: null, value: null }
      : { outcome: "blocked", value: null, error: node.blocked };
  const value = result.value === null ? null : await plainValue(result.value, runtime);
  return {
    outcome: result.waiting === null ? result.outcome : "waiting",
    // Text of an answer that was stopped or broke off is no value.
    ...(result.outcome === "ok" || value === null ? { value } : { value: null, partial: value }),
    ...(result.error === null ? {} : { error: result.error }),
    ...(result.outcome === "ok" && result.calls.some(({ cutOff }) => cutOff === true) ? { cut_off: true } : {}),
    ...(result.because.length === 0 ? {} : { because: result.because }),
  };
}

async function plainSheet(
  node: Node,
  session: Session,
  runtime: Runtime,
  freshness: ReadonlyMap<string, Freshness>,
): Promise<PlainCell> {
  const sheet = session.state.graph.sheets.get(node.id)!;
  const shown = await plainResult(node.id, session, runtime, node);
  const closed = closedSheet(sheet, session.state) !== null;
  const opened = session.state.frames.has(node.id);
  const cells: { [name: string]: PlainColumn } = {};
  let settled = opened;
  for (const id of sheet.columns) {
    const column = session.state.graph.nodes.get(id)!;
    if (column.blocked !== null)
      cells[column.name] = { columns: [], rowCount: 0, rows: [], outcome: "blocked", error: column.blocked };
    else if (opened && !closed) {
      const results = await resultsTable(id, {}, { state: session.state, tables: runtime.tables });
      settled &&= results.settled;
      const cutOff = runtime.useOf(column, session.state.graph.front).calls
        ? await cutOffIn(results.table, runtime)
        : 0;
      cells[column.name] = {
        ...(await plainTable(results.table, runtime)),
        ...(cutOff === 0 ? {} : { cut_off: cutOff }),
      };
    }
  }
  const state = closed || !opened ? freshness.get(node.id)!.state : settled ? "current" : "stale";
  return { ...shown, freshness: state, cells };
}

async function cutOffIn(results: Table, { tables }: Runtime): Promise<number> {
  const meta = metaColumn(results);
  const sql = `select count(*) as n from results where ${meta}.cut_off and ${meta}.outcome = 'ok'`;
  const counted = await tables.query({ sql, tables: { results }, parameters: {} });
  return Number((await tables.rows(counted, 0, 1))[0]![0]);
}

/** A value as plain data: scalars and JSON as they are, tables by rows, everything else by its fields. */
export async function plainValue(value: Value, runtime: Runtime): Promise<unknown> {
  switch (value.type) {
    case "null":
      return null;
    case "string":
    case "number":
    case "boolean":
    case "json":
      return value.value;
    case "table":
      return plainTable(value.value, runtime);
    case "chart": {
      const { table, ...rest } = value.value;
      return { ...rest, table: await plainTable(table, runtime) };
    }
    case "messages":
    case "file":
    case "image":
    case "score":
    case "test":
    case "error":
      return value.value;
  }
}

export async function plainTable(table: Table, runtime: Runtime): Promise<PlainTable> {
  const rows = await runtime.tables.rows(table, 0, shownRows);
  const plain: { readonly [column: string]: unknown }[] = [];
  for (const row of namedRows(table.columns, rows)) plain.push(await plainRow(row, runtime));
  return {
    columns: table.columns.map(({ name, type }) => ({ name, type })),
    rowCount: table.rowCount,
    rows: plain,
  };
}

/** A row whose values may be tables themselves, as the hits of a search are. */
async function plainRow(
  row: { readonly [column: string]: Datum },
  runtime: Runtime,
): Promise<{ readonly [column: string]: unknown }> {
  if (!Object.values(row).some(isTableHandle)) return row;
  const plain: { [column: string]: unknown } = {};
  for (const [name, value] of Object.entries(row))
    plain[name] = isTableHandle(value) ? await plainTable(value, runtime).catch(unreadable) : value;
  return plain;
}
