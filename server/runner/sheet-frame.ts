import { cellKinds } from "#server/cells/index.ts";
import { label, labelSqlType } from "#server/cells/label.ts";
import { canonicalJson } from "#server/notebook/canonical-json.ts";
import type { Coordinates } from "#server/notebook/address.ts";
import { variantsOf } from "#server/notebook/axis.ts";
import { ownParts, type KeyParts } from "#server/notebook/cell-key.ts";
import { madeOfCells } from "#server/notebook/bound-reads.ts";
import type { Binding, Graph, Node, Sheet } from "#server/notebook/graph-node.ts";
import { hashOf } from "#server/notebook/hash.ts";
import { partOf, readState, type Lookup } from "#server/notebook/scalar-key.ts";
import { readsAt } from "#server/notebook/wording-reads.ts";
import { valueTypeOf } from "#server/notebook/value-type.ts";
import type { Datum, Table } from "#server/notebook/value.ts";
import { schemaStructure } from "#server/tables/schema-structure.ts";
import type { NodeInput, NodeSpec } from "#server/tables/sheet-store.ts";

/** A sheet whose rows are at hand. */
export interface SheetFrame {
  readonly sheet: string;
  readonly frame: string;
  readonly rowCount: number;
  /** The table the rows came from. */
  readonly table: Table;
  /** The columns of that table. */
  readonly columns: readonly string[];
  /** DuckDB's types of them. */
  readonly types: { readonly [column: string]: string };
}

/** DuckDB's types of what a node reads of its row that has one, also where there is no value: typed columns, and cells whose values have a type. */
export function typesOf(node: Node, graph: Graph, frame: SheetFrame): { readonly [name: string]: string } {
  const types: { [name: string]: string } = {};
  for (const read of node.reads) {
    const type =
      read.type === "row"
        ? frame.types[read.column]
        : read.type === "bound"
          ? boundType(bindingOf(graph.sheets.get(node.sheet!)!, read.input), frame)
          : read.type === "node"
            ? plainType(graph.nodes.get(read.node)!)
            : undefined;
    if (type !== undefined) types[read.type === "row" ? read.column : read.as] = type;
  }
  return types;
}

function boundType(binding: Binding, { types }: SheetFrame): string | undefined {
  return binding.type === "column" ? types[binding.column] : undefined;
}

/** DuckDB's type of what a formula is given of a node's value: of a score it is the number, of a test the verdict. */
function plainType(node: Node): string | undefined {
  if (valueTypeOf(node, cellKinds).type === "test") return "VARCHAR";
  const { checks, type } = expectedOf(node);
  return checks !== undefined ? "DOUBLE" : typeof type === "string" ? type : undefined;
}

type Expected = Pick<NodeSpec, "checks" | "type">;

const expected = new WeakMap<Node, Expected>();

/** What a node's values will be, as far as it is known, worked out once: it is asked for at every look at a sheet. */
function expectedOf(node: Node): Expected {
  let known = expected.get(node);
  if (known === undefined) expected.set(node, (known = findExpected(node)));
  return known;
}

function findExpected(node: Node): Expected {
  const [cell] = node.wordings;
  const known = valueTypeOf(node, cellKinds);
  if (known.type === "score") return { checks: known.checks };
  if (cell!.kind === label.kind) return typed(labelSqlType(cell!));
  if (known.type !== "plain") return typed("JSON");
  return typed(Object.keys(known.schema).length === 0 ? undefined : schemaStructure(known.schema));
}

function typed(type: Datum | undefined): Expected {
  return type === undefined || type === "VARCHAR" ? {} : { type };
}

/**
 * A node of a sheet as the store needs it: each variant with its part of the key, and what the row gives, in order. Columns
 * that the rows of `frame` lack give nothing: the node's results are errors that say so.
 */
export function nodeSpec(node: Node, graph: Graph, lookup: Lookup, frame?: SheetFrame): NodeSpec {
  return {
    node: node.name,
    ...expectedOf(node),
    ...(node.overRows === true ? { overRows: true } : {}),
    variants: variantsOf(node.axes).map((at) => ({ at, key: columnKey(node, at, graph, lookup) })),
    inputs: rowInputs(node, graph, lookup).filter(
      (input) => input.type !== "column" || frame === undefined || frame.columns.includes(input.column),
    ),
  };
}

/** The parts of a column's key that are the same in every row. */
export function columnParts(
  node: Node,
  at: Coordinates,
  graph: Graph,
  lookup: Lookup,
): { readonly parts: KeyParts; readonly unsettled: readonly string[] } {
  const parts: { [part: string]: string } = { ...ownParts(node, at, graph.front) };
  const unsettled: string[] = [];
  for (const read of readsAt(node, at)) {
    if ("node" in read && read.type !== "results" && graph.nodes.get(read.node)?.sheet === node.sheet) {
      const type = seesTypes(node) ? plainType(graph.nodes.get(read.node)!) : undefined;
      if (type !== undefined) parts[`type(${read.as})`] = type;
      continue;
    }
    const made = read.type === "bound" ? madeOfCells(bindingOf(graph.sheets.get(node.sheet!)!, read.input)) : null;
    if (made !== null) parts[`with.${made.input}`] = hashOf({ source: made.source });
    const state = readState(node.id, read, at, graph, lookup);
    if (state === null) continue;
    if (!state.settled) unsettled.push(read.as);
    parts[partOf(read, node)] = state.hash ?? "none";
  }
  return { parts, unsettled };
}

function columnKey(node: Node, at: Coordinates, graph: Graph, lookup: Lookup): string | null {
  const { parts, unsettled } = columnParts(node, at, graph, lookup);
  return unsettled.length > 0 ? null : canonicalJson(parts);
}

/** The key at which a column is computed now, whether or not what it reads is settled. */
export function keyText(node: Node, at: Coordinates, graph: Graph, lookup: Lookup): string {
  return canonicalJson(columnParts(node, at, graph, lookup).parts);
}

/** What a row gives a node: columns, bound inputs, and results of the same row. */
export function rowInputs(node: Node, graph: Graph, lookup: Lookup): readonly NodeInput[] {
  const sheet = graph.sheets.get(node.sheet!)!;
  const inputs: NodeInput[] = [];
  const seen = new Set<string>();
  for (const read of node.reads) {
    const input = rowInput();
    if (input === null) continue;
    // Inputs that are bound to one column are two all the same: which of them has which column is seen by their places alone.
    const key = JSON.stringify(read.type === "bound" ? { bound: read.input } : input);
    if (!seen.has(key)) inputs.push(input);
    seen.add(key);

    function rowInput(): NodeInput | null {
      if (read.type === "row") return columnInput(read.column, node);
      if (read.type === "bound") return boundInput(sheet, read.input, node, graph, lookup);
      if ((read.type !== "node" && read.type !== "meta") || graph.nodes.get(read.node)?.sheet !== node.sheet)
        return null;
      const target = graph.nodes.get(read.node)!;
      const axes = target.axes.map((axis) => axis.name);
      return {
        type: "node",
        node: target.name,
        axes,
        ...(read.reference.at === null ? {} : { at: read.reference.at }),
      };
    }
  }
  return inputs;
}

/** What a sheet gives an input. */
export function bindingOf({ bindings }: Sheet, name: string): Binding {
  return bindings.find(({ input }) => input === name)!;
}

function columnInput(column: string, node: Node): NodeInput {
  return { type: "column", column, ...(seesTypes(node) ? { typed: true } : {}) };
}

/** SQL is one thing over texts and another over numbers. */
function seesTypes({ kind }: Node): boolean {
  return kind?.body === "expression-sql";
}

function boundInput(sheet: Sheet, name: string, node: Node, graph: Graph, lookup: Lookup): NodeInput | null {
  const binding = bindingOf(sheet, name);
  // What it reads of the row, and of cells, its reader reads itself.
  if (madeOfCells(binding) !== null) return null;
  switch (binding.type) {
    case "column":
      return columnInput(binding.column, node);
    case "expression":
      return { type: "binding", name, version: bindingVersion(sheet, name, graph, lookup) };
    case "constant":
      // A constant is the same in every row: it counts as a binding whose version is its value.
      return { type: "binding", name, version: bindingVersion(sheet, name, graph, lookup) };
  }
}

/** What decides the values of a binding besides the rows: its source, and what it reads outside them. */
export function bindingVersion(sheet: Sheet, name: string, graph: Graph, lookup: Lookup): string {
  const binding = bindingOf(sheet, name);
  switch (binding.type) {
    case "column":
      return binding.column;
    case "constant":
      return hashOf({ constant: binding.value as never });
    case "expression":
      return hashOf({
        source: binding.source,
        reads: binding.reads.map((read) => readState(sheet.id, read, {}, graph, lookup)?.hash ?? null),
      });
  }
}

/** The address of one result in a sheet. */
export function rowAddress(
  node: Node,
  at: Coordinates,
  row: string,
): { readonly cell: string; readonly at: Coordinates } {
  return { cell: node.id, at: { ...at, [node.sheet!]: row } };
}
