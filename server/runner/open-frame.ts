import { addressText } from "#server/notebook/address.ts";
import { coordinatesRead } from "#server/notebook/cell-key.ts";
import type { RowsRead, Sheet } from "#server/notebook/graph-node.ts";
import { isPartOfSheet } from "#server/notebook/part-of-cell.ts";
import { rowKey, type RowKey } from "#server/notebook/row-key.ts";
import { rowsState, type ReadState } from "#server/notebook/scalar-key.ts";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";
import { someNames } from "#server/notebook/some-names.ts";
import { rowsHash } from "#server/notebook/value-hash.ts";
import type { Table, Value } from "#server/notebook/value.ts";
import { putBindings } from "./bindings.ts";
import { readColumn, settledColumn } from "./outside-reads.ts";
import { rowsTable } from "./rows-table.ts";
import type { RunContext } from "./run-context.ts";
import { sessionLookup } from "./session-lookup.ts";
import type { SessionState } from "./session-state.ts";
import type { SheetFrame } from "./sheet-frame.ts";

type Context = Pick<RunContext, "state" | "tables">;
type ColumnRead = Extract<RowsRead, { readonly type: "results" }>;

/** The frame each sheet was opened on; an edit of the notebook makes other sheets of it. */
const opened = new WeakMap<Sheet, SheetFrame>();

/**
 * The sheet as it is open, on the rows of now and with people's values of now; opened where it is not, and null where its rows are
 * not settled. That the store still has its rows is not asked: where it has not, what is read next is the error `sheet.frame`.
 */
export async function openedFrame(sheet: Sheet, context: Context): Promise<SheetFrame | null> {
  const table = await settledRows(sheet, context);
  if (table === null) return null;
  const known = opened.get(sheet);
  if (known === undefined || rowsHash(known.table) !== rowsHash(table) || known.sheet !== sheetId(sheet, context))
    return openOn(table, sheet, context);
  await putBindings(sheet, known, context);
  return known;
}

/** The sheet on the rows it had before, where what gives them is not settled; null where there were none, or they no longer suit it. */
export async function earlierFrame(sheet: Sheet, context: Context): Promise<SheetFrame | null> {
  const { id, rows } = sheet;
  const { state } = context;
  try {
    const given = rows === null || rows.type === "results" ? null : await tableOf(rows, context);
    const table = given ?? (rows === null ? undefined : state.frames.get(id)?.table);
    return table === undefined ? null : await openOn(table, sheet, context);
  } catch (thrown) {
    // They are shown as long as they can be; why they no longer can is told when they are computed anew.
    if (thrown instanceof SheafError) return null;
    throw thrown;
  }
}

/** Forgets how a sheet was opened: the store has lost its rows, as caches may. */
export function forgetFrame(sheet: Sheet): void {
  opened.delete(sheet);
}

/** Takes the table that gives the rows, and gives each its identity. */
export async function openFrame(sheet: Sheet, context: Context): Promise<SheetFrame> {
  const { rows } = sheet;
  if (rows?.type !== "results") {
    const table = rows === null ? null : await tableOf(rows, context);
    if (table === null) throw noRows(sheet, rows === null ? null : valueOf(rows, context.state), context.state);
    return openOn(table, sheet, context);
  }
  if (isBlocked(rows, context.state)) throw noRows(sheet, null, context.state);
  await openFrame(ownerOf(rows, context.state), context);
  return openOn(await readColumn(sheet.id, rows, context), sheet, context);
}

/** The sheet opened on its rows as they are now; null where they are not settled, or neither table nor list. */
export async function settledFrame(sheet: Sheet, context: Context): Promise<SheetFrame | null> {
  const table = await settledRows(sheet, context);
  return table === null ? null : openOn(table, sheet, context);
}

async function settledRows(sheet: Sheet, context: Context): Promise<Table | null> {
  const { id, rows } = sheet;
  const { state } = context;
  const now = (): ReadState => rowsState(sheet, state.graph, sessionLookup(state));
  if (rows?.type !== "results") {
    return rows !== null && now().settled ? await tableOf(rows, context) : null;
  }
  if (isBlocked(rows, state) || (await settledFrame(ownerOf(rows, state), context)) === null) return null;
  const known = state.frames.get(id)?.table;
  const { settled, hash } = now();
  // While what was seen of the column holds, its table need not be put together again.
  return settled && known !== undefined && rowsHash(known) === hash ? known : await settledColumn(id, rows, context);
}

async function tableOf(rows: RowsRead, { state, tables }: Context): Promise<Table | null> {
  const value = valueOf(rows, state);
  return value === null ? null : await rowsTable(value, tables);
}

function valueOf(rows: RowsRead, { graph, inputs, overrides, results }: SessionState): Value | null {
  if (rows.type === "input") return inputs.get(rows.input)?.value ?? null;
  const at = coordinatesRead(rows, graph.nodes.get(rows.node)!.axes, {});
  const address = addressText({ cell: rows.node, at });
  return (overrides.get(address) ?? results.get(address))?.value ?? null;
}

function isBlocked({ node }: ColumnRead, { graph }: SessionState): boolean {
  return graph.nodes.get(node)!.blocked !== null;
}

/** The sheet whose column is read. */
function ownerOf({ node }: ColumnRead, { graph }: SessionState): Sheet {
  return graph.sheets.get(graph.nodes.get(node)!.sheet!)!;
}

async function openOn(table: Table, sheet: Sheet, context: Context): Promise<SheetFrame> {
  const { state, tables } = context;
  const columns = table.columns.map(({ name }) => name);
  // No rows that were given as data have no columns either, and nothing to tell apart.
  const nothing = table.rowCount === 0 && columns.length === 0;
  const key = nothing ? null : keyOf(sheet, context);
  if (key !== null && !columns.includes(key.column)) throw noKey(sheet, key.column, columns);
  const identity = sheet.reads.filter((column) => columns.includes(column));
  const { frame: name, rowCount } = await tables.sheets.openFrame({
    sheet: sheetId(sheet, context),
    table,
    key: key?.column ?? null,
    ...(key === null || key.path.length === 0 ? {} : { keyPath: key.path }),
    identity,
  });
  const frame: SheetFrame = {
    sheet: sheetId(sheet, context),
    frame: name,
    rowCount,
    table,
    columns,
    types: Object.fromEntries(table.columns.map(({ name, sql }) => [name, sql])),
  };
  const before = state.frames.get(sheet.id);
  state.frames.set(sheet.id, frame);
  if (before !== undefined && before.table.hash !== table.hash && before.frame !== name)
    await noteChanges(sheet.id, { before: before.frame, after: name }, context);
  await putBindings(sheet, frame, context);
  await putOverrides(sheet, frame, context);
  opened.set(sheet, frame);
  return frame;
}

/** Keeps how the rows differ from those of before; where these are no longer at hand there is nothing to tell. */
async function noteChanges(
  sheet: string,
  frames: { readonly before: string; readonly after: string },
  { state, tables }: Context,
): Promise<void> {
  try {
    state.rowChanges.set(sheet, { ...(await tables.sheets.frameChanges(frames)), rows: frames.after });
  } catch (thrown) {
    if (toCellError(thrown).code !== "sheet.frame") throw thrown;
    state.rowChanges.delete(sheet);
  }
}

function noKey({ cell }: Sheet, key: string, columns: readonly string[]): SheafError {
  return new SheafError(
    "sheet.no-column",
    `the rows of \`${cell.name}\` have no column \`${key}\` to tell them apart by`,
    {
      cure: `They have: ${someNames(columns)}.`,
      position: cell.configuration.positions["key"] ?? cell.position,
    },
  );
}

function noRows({ id, rows, cell }: Sheet, value: Value | null, { graph }: SessionState): SheafError {
  const position = cell.configuration.positions["rows"] ?? cell.position;
  const { blocked } = graph.nodes.get(id)!;
  // What `rows` says names nothing.
  if (rows === null && blocked !== null) return new SheafError(blocked.code, blocked.message, { position, ...blocked });
  const isPart = rows?.type === "node" && isPartOfSheet(rows.node);
  const name = `\`${rows === null || isPart ? "rows" : rows.as}\``;
  return value === null
    ? new SheafError("sheet.no-rows", `\`${cell.name}\` has no rows, because ${name} has no value`, {
        cure: `Mend or run ${name} first.`,
        position,
      })
    : new SheafError("sheet.no-rows", `${name} gives neither a table nor a list for the rows of \`${cell.name}\``, {
        cure: "`rows:` names a cell whose value is a table or a list, or a column of another sheet.",
        position,
      });
}

/** A sheet's name among all of the workspace. */
function sheetId(sheet: Sheet, context: Context): string {
  return `${context.state.place}#${sheet.id}`;
}

/** What tells a sheet's rows apart: its own key, or that of what gives the rows. */
export function keyOf(sheet: Sheet, context: Pick<Context, "state">): RowKey | null {
  return sheet.key === null ? keyOfRows(sheet, context) : rowKey(sheet.key, sheet.of);
}

/**
 * The key of what gives the rows, where it names one: a data cell, a sheet, or of a column's results the sheet they
 * are of, as long as each of its rows gives one of them.
 */
function keyOfRows({ rows }: Sheet, context: Pick<Context, "state">): RowKey | null {
  const { graph } = context.state;
  if (rows === null || rows.type === "input") return null;
  const { axes, wordings } = graph.nodes.get(rows.node)!;
  if (rows.type === "results") {
    const at = rows.reference.at ?? {};
    return axes.every(({ name }) => name in at) ? keyOf(ownerOf(rows, context.state), context) : null;
  }
  const own = graph.sheets.get(rows.node);
  if (own !== undefined) return own.key === null ? null : rowKey(own.key, own.of);
  const key = wordings[0]!.configuration.values["key"];
  return typeof key === "string" ? { column: key, path: [] } : null;
}

/** Gives the store people's values in columns of a sheet, in place of those it had; in all its columns unless one is named. */
export async function putOverrides(
  sheet: Sheet,
  frame: SheetFrame,
  { state, tables }: Context,
  column?: string,
): Promise<void> {
  for (const id of column === undefined ? sheet.nodes : [column]) {
    const node = state.graph.nodes.get(id);
    // It has another name meanwhile, and the sheet is opened again under what it is now.
    if (node === undefined) throw new SheafError("sheet.unknown", `there is no cell \`${id}\` any more`);
    const overrides = [...(state.rowOverrides.get(id)?.values.values() ?? [])];
    await tables.sheets.setOverrides({ sheet: frame.sheet, node: node.name, overrides });
  }
}
