import type { Sheet } from "#server/notebook/graph-node.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { putBindings } from "./bindings.ts";
import type { RunContext } from "./run-context.ts";
import type { SheetFrame } from "./sheet-frame.ts";

type Context = Pick<RunContext, "state" | "tables">;

/** Takes the table that gives the rows, and gives each its identity. */
export async function openFrame(sheet: Sheet, context: Context): Promise<SheetFrame> {
  const { state, tables } = context;
  const rows = sheet.rows === null ? undefined : (state.overrides.get(sheet.rows) ?? state.results.get(sheet.rows));
  if (rows?.value?.type !== "table") {
    throw new SheafError(
      "sheet.no-rows",
      `\`${sheet.rows ?? "rows"}\` gives no table for the rows of \`${sheet.cell.name}\``,
      { cure: "`rows:` names a cell whose value is a table." },
    );
  }
  const table = rows.value.value;
  const missing = sheet.reads.find((column) => !table.columns.some(({ name }) => name === column));
  if (missing !== undefined) {
    throw new SheafError("sheet.no-column", `the rows of \`${sheet.cell.name}\` have no column \`${missing}\``, {
      cure: `They have: ${table.columns.map(({ name }) => name).join(", ")}.`,
    });
  }
  const key = sheet.key ?? keyOfRows(sheet, context);
  const opened = await tables.sheets.openFrame({ sheet: sheetId(sheet, context), table, key, identity: sheet.reads });
  const frame: SheetFrame = {
    sheet: sheetId(sheet, context),
    frame: opened.frame,
    rowCount: opened.rowCount,
    table: table.hash,
  };
  state.frames.set(sheet.id, frame);
  await putBindings(sheet, frame, context);
  await putOverrides(sheet, frame, context);
  return frame;
}

/** A sheet's name among all of the workspace. */
function sheetId(sheet: Sheet, context: Context): string {
  return `${context.state.path}#${sheet.id}`;
}

/** The key column of the data cell that gives the rows, where it names one. */
function keyOfRows(sheet: Sheet, { state }: Context): string | null {
  const key =
    sheet.rows === null ? undefined : state.graph.nodes.get(sheet.rows)?.wordings[0]!.configuration.values["key"];
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
