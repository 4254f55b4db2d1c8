import { computeFields } from "#server/notebook/compute-fields.ts";
import type { Item } from "#server/notebook/cell-kind.ts";
import type { Binding, Node, Sheet } from "#server/notebook/graph-node.ts";
import { cellScope } from "#server/cells/cell-scope.ts";
import type { Datum, Value } from "#server/notebook/value.ts";
import { scalarRead } from "./node-values.ts";
import type { RunContext } from "./run-context.ts";
import { bindingVersion, type SheetFrame } from "./sheet-frame.ts";
import { sessionLookup } from "./session-lookup.ts";

type Context = Pick<RunContext, "state" | "tables">;

/** The inputs a row gives a node, by name. */
export function boundValues(
  node: Node,
  row: { readonly [column: string]: Datum },
  context: Context,
): ReadonlyMap<string, Datum> {
  const sheet = context.state.graph.sheets.get(node.sheet!)!;
  const needed = new Set(node.reads.flatMap((read) => (read.type === "bound" ? [read.input] : [])));
  return new Map(
    sheet.bindings
      .filter(({ input }) => needed.has(input))
      .map((binding) => [binding.input, boundValue(sheet, binding, row, context)]),
  );
}

/** The value a row gives an input. Throws a `SheafError` at the binding's place in the file where the row has none. */
export function boundValue(
  sheet: Sheet,
  binding: Binding,
  row: { readonly [column: string]: Datum },
  context: Context,
): Datum {
  switch (binding.type) {
    case "column":
      return row[binding.column] ?? null;
    case "constant":
      return binding.value;
    case "expression": {
      const inputs: { [name: string]: Value } = {};
      for (const read of binding.reads) {
        const value = scalarRead(read, {}, context.state, new Map());
        if (value?.type === "value") inputs[read.as] = value.value;
      }
      const { positions } = sheet.cell.configuration;
      const path = `with.${binding.input}`;
      return computeFields(`=${binding.source}`, cellScope(rowItem(inputs, row)), (place) => positions[place], path);
    }
  }
}

function rowItem(inputs: Item<unknown>["inputs"], row: { readonly [column: string]: Datum }): Item<unknown> {
  return {
    address: { cell: "", at: {} },
    configuration: {},
    inputs,
    row,
    vary: {},
    skipped: [],
    meta: {},
    results: {},
    covered: {},
    model: null,
    repeat: 0,
  };
}

const page = 1000;

/** A row whose binding fails gives nothing: the error is that of the row's results, which compute the binding again. */
function valueOrNull(value: () => Datum): Datum {
  try {
    return value();
  } catch {
    return null;
  }
}

/** Gives the store the values of bindings that are no plain columns, so that their part of a row's input hash can be worked out there. */
export async function putBindings(sheet: Sheet, frame: SheetFrame, context: Context): Promise<void> {
  const lookup = sessionLookup(context.state);
  for (const binding of sheet.bindings) {
    if (binding.type === "column") continue;
    const { input: name } = binding;
    const version = bindingVersion(sheet, name, context.state.graph, lookup);
    if (await context.tables.sheets.hasBinding({ frame: frame.frame, name, version })) continue;
    const reads = binding.type === "expression" ? binding.reads : [];
    const columns = reads
      .flatMap((read) => (read.type === "row" ? [read.column] : []))
      .filter((column) => frame.columns.includes(column));
    for (let from = 0; from < frame.rowCount; from += page) {
      const rows = await context.tables.sheets.page({
        frame: frame.frame,
        from,
        to: Math.min(from + page, frame.rowCount),
        columns,
      });
      const values = rows.rows.map((_, index) =>
        valueOrNull(() =>
          boundValue(
            sheet,
            binding,
            Object.fromEntries(columns.map((column, at) => [column, rows.columns[at]![index] ?? null])),
            context,
          ),
        ),
      );
      await context.tables.sheets.putBinding({ frame: frame.frame, name, version, from, values });
    }
  }
}
