import { INTEGER, VARCHAR } from "@duckdb/node-api";
import { canonicalJson } from "#server/notebook/canonical-json.ts";
import type { Datum } from "#server/notebook/value.ts";
import type { SheetCatalog, SheetFrame } from "./sheet-catalog.ts";

/** Keeps values of a binding for rows from `from` on. */
export async function putBinding(
  catalog: SheetCatalog,
  call: {
    readonly frame: string;
    readonly name: string;
    readonly version: string;
    readonly from: number;
    readonly values: readonly Datum[];
  },
): Promise<void> {
  const frame = await catalog.frame(call.frame);
  const names = await catalog.names();
  const { sheet } = frame;
  // The values of a version are always the same, and hashes of the whole frame may be made of them already.
  if ((await findBinding(catalog, frame, call))?.complete === true) return;
  const id = await names.id(
    sheet.id,
    "binding",
    bindingText(frame, call.name, call.version),
    (made) => `create table ${bindingTable(frame, made)} (ordinal INTEGER not null, value VARCHAR not null)`,
  );
  const table = bindingTable(frame, id);
  await catalog.write(async (session) => {
    await session.execute(
      `delete from ${table} where ordinal >= ${call.from} and ordinal < ${call.from + call.values.length}`,
    );
    await session.append(
      { name: table },
      [INTEGER, VARCHAR],
      [call.values.map((_, index) => call.from + index), call.values.map((value) => canonicalJson(value))],
    );
  });
  sheet.revision += 1;
}

/** Whether there is a value for every row of the frame. */
export async function hasBinding(
  catalog: SheetCatalog,
  call: { readonly frame: string; readonly name: string; readonly version: string },
): Promise<boolean> {
  const frame = await catalog.frame(call.frame);
  return (await findBinding(catalog, frame, call))?.complete ?? frame.rowCount === 0;
}

/** The table `(ordinal, value)` of a binding and whether it has every row, or null where none of its values were put. */
export async function findBinding(
  catalog: SheetCatalog,
  frame: SheetFrame,
  { name, version }: { readonly name: string; readonly version: string },
): Promise<{ readonly table: string; readonly complete: boolean } | null> {
  const names = await catalog.names();
  const id = await names.known(frame.sheet.id, "binding", bindingText(frame, name, version));
  if (id === undefined) return null;
  const table = bindingTable(frame, id);
  if (!frame.completeBindings.has(table)) {
    const { columns } = await catalog.read((session) => session.queryColumns(`select count(*) from ${table}`));
    if (columns[0]![0] === frame.rowCount) frame.completeBindings.add(table);
  }
  return { table, complete: frame.completeBindings.has(table) };
}

function bindingText(frame: SheetFrame, name: string, version: string): string {
  return canonicalJson([frame.id, name, version]);
}

function bindingTable(frame: SheetFrame, id: number): string {
  return `sheet_binding_${frame.sheet.id}_${id}`;
}
