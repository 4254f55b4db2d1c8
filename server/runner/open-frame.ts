import type { Sheet } from "#server/notebook/graph-node.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Value } from "#server/notebook/value.ts";
import { putBindings } from "./bindings.ts";
import type { RunContext } from "./run-context.ts";
import type { SheetFrame } from "./sheet-frame.ts";
import { rowsName, rowsValue } from "./sheet-rows.ts";

type Context = Pick<RunContext, "state" | "tables">;

/** Takes the table that gives the rows, and gives each its identity. */
export async function openFrame(sheet: Sheet, context: Context): Promise<SheetFrame> {
  const { state, tables } = context;
  const rows = rowsValue(sheet, state);
  if (rows?.type !== "table") throw noRows(sheet, rows);
  const table = rows.value;
  const columns = table.columns.map(({ name }) => name);
  // No rows that were given as data have no columns either, and nothing to tell apart.
  const nothing = table.rowCount === 0 && columns.length === 0;
  const key = nothing ? null : (sheet.key ?? keyOfRows(sheet, context));
  if (key !== null && !columns.includes(key)) throw noKey(sheet, key, columns);
  const identity = sheet.reads.filter((column) => columns.includes(column));
  const opened = await tables.sheets.openFrame({ sheet: sheetId(sheet, context), table, key, identity });
  const frame: SheetFrame = {
    sheet: sheetId(sheet, context),
    frame: opened.frame,
    rowCount: opened.rowCount,
    table: table.hash,
    columns,
    types: Object.fromEntries(
      table.columns.flatMap(({ name, type, sql }) =>
        type === "number" || type === "boolean" || type === "json" ? [[name, sql]] : [],
      ),
    ),
  };
  state.frames.set(sheet.id, frame);
  await putBindings(sheet, frame, context);
  await putOverrides(sheet, frame, context);
  return frame;
}

function noKey({ cell }: Sheet, key: string, columns: readonly string[]): SheafError {
  return new SheafError(
    "sheet.no-column",
    `the rows of \`${cell.name}\` have no column \`${key}\` to tell them apart by`,
    {
      cure: `They have: ${columns.join(", ")}.`,
      position: cell.configuration.positions["key"] ?? cell.position,
    },
  );
}

function noRows(sheet: Sheet, value: Value | null): SheafError {
  const { cell } = sheet;
  const position = cell.configuration.positions["rows"] ?? cell.position;
  const name = `\`${rowsName(sheet)}\``;
  return value === null
    ? new SheafError("sheet.no-rows", `\`${cell.name}\` has no rows, because ${name} has no value`, {
        cure: `Mend or run ${name} first.`,
        position,
      })
    : new SheafError("sheet.no-rows", `${name} gives no table for the rows of \`${cell.name}\``, {
        cure: "`rows:` names a cell whose value is a table.",
        position,
      });
}

/** A sheet's name among all of the workspace. */
function sheetId(sheet: Sheet, context: Context): string {
  return `${context.state.place}#${sheet.id}`;
}

/** The key column of the data cell that gives the rows, where it names one. */
function keyOfRows(sheet: Sheet, { state }: Context): string | null {
  const key =
    sheet.rows?.type === "node"
      ? state.graph.nodes.get(sheet.rows.node)?.wordings[0]!.configuration.values["key"]
      : undefined;
  return typeof key === "string" ? key : null;
}

/** Gives the store people's values in columns of a sheet, in place of those it had; in all its columns unless one is named. */
export async function putOverrides(
  sheet: Sheet,
  frame: SheetFrame,
  { state, tables }: Context,
  column?: string,
): Promise<void> {
  for (const id of column === undefined ? sheet.nodes : [column]) {
    const node = state.graph.nodes.get(id)!;
    const overrides = [...(state.rowOverrides.get(id)?.values.values() ?? [])];
    await tables.sheets.setOverrides({ sheet: frame.sheet, node: node.name, overrides });
  }
}
