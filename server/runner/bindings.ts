import type { Scope } from "#server/language/index.ts";
import { chosenVariant } from "#server/notebook/axis.ts";
import { boundName, boundReads, madeOfCells, type CellBinding } from "#server/notebook/bound-reads.ts";
import type { Item } from "#server/notebook/cell-kind.ts";
import { computeFields } from "#server/notebook/compute-fields.ts";
import type { Binding, Graph, Node, Read, Sheet } from "#server/notebook/graph-node.ts";
import { isListName } from "#server/notebook/list-names.ts";
import type { FrontMatter, Input } from "#server/notebook/notebook.ts";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";
import { cellScope } from "#server/cells/cell-scope.ts";
import { toValue, type Datum, type Value } from "#server/notebook/value.ts";
import { gather, scalarRead, skippedCode, type ReadValue } from "./node-values.ts";
import { outsideReads } from "./outside-reads.ts";
import type { RunContext } from "./run-context.ts";
import type { SessionState } from "./session-state.ts";
import { bindingOf, bindingVersion, type SheetFrame } from "./sheet-frame.ts";
import { sessionLookup } from "./session-lookup.ts";
import { givenAt, lackingBinding, lackingRead, skippedColumns, type GivenRow } from "./row-lacks.ts";
import { describeGiven, unfitBound } from "./unfit-input.ts";

type Context = Pick<RunContext, "state" | "tables">;

type Row = { readonly [column: string]: Datum };

/** What an address has gathered of what it reads. */
type Gathered = Pick<Item<unknown>, "inputs" | "meta" | "skipped">;

/** What a sheet gives the inputs that a node reads. */
export interface BoundInputs {
  readonly sheet: Sheet;
  /** What a row gives by itself. */
  readonly plain: readonly Binding[];
  /** What is made of cells too. */
  readonly made: readonly MadeInput[];
}

/** A binding, and what it reads by the names that its reader has for that. */
interface MadeInput {
  readonly binding: CellBinding;
  readonly input: Input | undefined;
  readonly names: ReadonlyMap<string, string>;
}

/** Finds them, once for all rows. */
export function boundInputs({ sheet: id, reads }: Node, { sheets, front }: Graph): BoundInputs {
  const sheet = sheets.get(id!)!;
  const inputs = new Set(reads.flatMap((read) => (read.type === "bound" ? [read.input] : [])));
  const bindings = [...inputs].map((input) => bindingOf(sheet, input));
  return {
    sheet,
    plain: bindings.filter((binding) => madeOfCells(binding) === null),
    made: bindings.flatMap((binding) => {
      const made = madeOfCells(binding);
      return made === null ? [] : [withNames(made, front)];
    }),
  };
}

function withNames(binding: CellBinding, front: FrontMatter): MadeInput {
  const input = inputOf(binding, front);
  return { binding, input, names: new Map(binding.reads.map(({ as }) => [boundName(binding.input, as), as])) };
}

/** The inputs a row gives by itself, by name. */
export function boundValues(
  { sheet, plain }: BoundInputs,
  given: GivenRow,
  state: SessionState,
): ReadonlyMap<string, Datum> {
  const { values } = given;
  // Without what it is made of an input has no value, and none that could be of another type.
  const there = plain.filter((binding) => lackOf(binding, given) === null);
  return new Map(there.map((one) => [one.input, boundValue(sheet, one, values, state, skippedColumns(given))]));
}

/** Why a row gives an input nothing: a cell of the sheet it is of has no value there. */
export function lackOf(binding: Binding, given: GivenRow): ReturnType<typeof lackingRead> {
  switch (binding.type) {
    case "column":
      return lackingRead(binding.column, given);
    case "expression":
      return lackingBinding(binding.reads, given);
    case "constant":
      return null;
  }
}

/** Where a value is bound. */
type Place = Pick<Item<unknown>, "address" | "row" | "vary" | "results" | "covered">;

/**
 * What an address has gathered, with the inputs that its row and cells give it in place of what those are made of. An input made of what is
 * skipped is skipped. Throws a `SheafError` at the binding's place in the file where it cannot be computed.
 */
export function withBound({ sheet, made }: BoundInputs, gathered: Gathered, place: Place): Gathered {
  let { inputs, meta, skipped } = gathered;
  for (const one of made) {
    const { names, binding } = one;
    const value = boundOfCells(sheet, one, { inputs, meta, skipped }, place);
    inputs = without(inputs, names);
    meta = without(meta, names);
    skipped = skipped.filter((name) => !names.has(name));
    if (value === skippedValue) skipped = [...skipped, binding.input];
    else inputs = { ...inputs, [binding.input]: toValue(value) };
  }
  return { inputs, meta, skipped };
}

const skippedValue = Symbol("skipped");

function boundOfCells(
  sheet: Sheet,
  { binding, input, names }: MadeInput,
  gathered: Gathered,
  place: Place,
): Datum | typeof skippedValue {
  const own = <Member>(members: { readonly [name: string]: Member }): { readonly [name: string]: Member } =>
    Object.fromEntries(
      Object.entries(members).flatMap(([name, member]) => (names.has(name) ? [[names.get(name)!, member]] : [])),
    );
  const scope = cellScope({
    ...nothing,
    ...place,
    inputs: own(gathered.inputs),
    meta: own(gathered.meta),
    results: own(place.results),
    skipped: gathered.skipped.flatMap((name) => names.get(name) ?? (name.startsWith("row.") ? name : [])),
  });
  try {
    return fitting(sheet, binding, input, compute(sheet, binding, scope));
  } catch (thrown) {
    if (toCellError(thrown).code === skippedCode) return skippedValue;
    throw thrown;
  }
}

function without<Member>(
  members: { readonly [name: string]: Member },
  names: ReadonlyMap<string, string>,
): { readonly [name: string]: Member } {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.has(name)));
}

/** What a read by the name `item` or `index` comes to in a row; null for any other read. */
export function elementRead({ type, reference }: Read, row: Row): ReadValue | null {
  const isElement = type === "row" && isListName(reference.name);
  return isElement ? { type: "value", value: toValue(row[reference.name]), calls: [], outcome: "ok" } : null;
}

/** The value a row gives an input by itself. Throws a `SheafError` at the binding's place in the file where the row has none, or one of another type. */
function boundValue(
  sheet: Sheet,
  binding: Binding,
  row: Row,
  state: SessionState,
  skipped: readonly string[] = [],
): Datum {
  return fitting(sheet, binding, inputOf(binding, state.graph.front), givenValue(sheet, binding, row, state, skipped));
}

function givenValue(sheet: Sheet, binding: Binding, row: Row, state: SessionState, skipped: readonly string[]): Datum {
  switch (binding.type) {
    case "column":
      return row[binding.column] ?? null;
    case "constant":
      return binding.value;
    case "expression": {
      const inputs: { [name: string]: Value } = {};
      for (const read of binding.reads) {
        const value = elementRead(read, row) ?? scalarRead(read, {}, state, new Map());
        if (value?.type === "error") throw new SheafError(value.error.code, value.error.message, value.error);
        if (value?.type === "value") inputs[read.as] = value.value;
      }
      return compute(sheet, binding, cellScope({ ...nothing, inputs, row, skipped }));
    }
  }
}

/**
 * The value a row gives an input, also where it is made of cells: of those with axes at the labels that are chosen. Throws a `SheafError` where
 * there is none.
 */
export async function valueOfRow(sheet: Sheet, binding: Binding, row: Row, context: Context): Promise<Datum> {
  const { state } = context;
  const { nodes, front } = state.graph;
  const made = madeOfCells(binding);
  if (made === null) return boundValue(sheet, binding, row, state);
  const node = { ...nodes.get(sheet.id)!, reads: boundReads(made, false) };
  const { files, tables, results, covered } = await outsideReads(node, context);
  const gathered = gather(node, {}, (read) => {
    const element = elementRead(read, row);
    if (element !== null) return element;
    const axes = ("node" in read ? nodes.get(read.node)?.axes : undefined) ?? [];
    return scalarRead(read, chosenVariant(axes, { ...front.choose, ...read.reference.at }), state, files);
  });
  switch (gathered.type) {
    case "error":
      throw new SheafError(gathered.error.code, gathered.error.message, gathered.error);
    case "as its part":
    case "blocked":
      throw noValue(sheet, binding, `it waits for ${gathered.because.map((name) => `\`${name}\``).join(", ")}`);
    case "skipped":
      throw noValue(sheet, binding, "what it is made of is skipped");
    case "ready": {
      const all = { ...gathered, inputs: { ...gathered.inputs, ...tables } };
      const value = boundOfCells(sheet, withNames(made, front), all, { ...nothing, row, results, covered });
      if (value === skippedValue) throw noValue(sheet, binding, "what it is made of is skipped");
      return value;
    }
  }
}

function noValue(sheet: Sheet, { input }: Binding, why: string): SheafError {
  return new SheafError("sheet.no-value", `\`${input}\` has no value in this row: ${why}`, {
    cure: "Run or mend that first.",
    position: sheet.cell.configuration.positions[`with.${input}`] ?? sheet.cell.position,
  });
}

function compute({ cell }: Sheet, { input, source }: Extract<Binding, { type: "expression" }>, scope: Scope): Datum {
  const { positions } = cell.configuration;
  return computeFields(`=${source}`, scope, (place) => positions[place], `with.${input}`);
}

function inputOf(binding: Binding, { inputs }: FrontMatter): Input | undefined {
  return inputs.find(({ name }) => name === binding.input);
}

/** A value that an input's type takes. */
function fitting({ cell }: Sheet, { input: name }: Binding, input: Input | undefined, value: Datum): Datum {
  const expected = input === undefined ? null : unfitBound(input, value);
  if (expected === null) return value;
  throw new SheafError("input.type", `the input \`${name}\` is ${describeGiven(value)} in this row`, {
    cure: `Give ${expected}${input!.type === "number" ? `, as in \`${name}: =row.NAME | float\`` : ""}.`,
    position: cell.configuration.positions[`with.${name}`] ?? cell.position,
  });
}

const nothing: Item<unknown> = {
  address: { cell: "", at: {} },
  configuration: {},
  inputs: {},
  row: null,
  vary: {},
  skipped: [],
  meta: {},
  results: {},
  covered: {},
  model: null,
  repeat: 0,
};

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
    if (binding.type === "column" || madeOfCells(binding) !== null) continue;
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
      const values = rows.rows.map((_, index) => {
        const row = givenAt(rows, columns, index);
        const lack = lackOf(binding, row);
        // It is another than any value, whatever is missing.
        if (lack !== null) return { "no value": lack.type };
        return valueOrNull(() => boundValue(sheet, binding, row.values, context.state, skippedColumns(row)));
      });
      await context.tables.sheets.putBinding({ frame: frame.frame, name, version, from, values });
    }
  }
}
