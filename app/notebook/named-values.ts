import { addressText } from "#server/notebook/address.ts";
import type { Datum } from "#server/notebook/value.ts";
import type { NodeView, NotebookView } from "#server/workbench/view.ts";
import { valueSummary } from "../values/value-summary";
import { directReaders } from "./dependencies";
import { nodeState } from "./node-state";

/** A name of a notebook and what it stands for now. */
export interface NamedValue {
  /** `topic`, and in a sheet `triage.correct`. */
  readonly name: string;
  /** The kind of its cell, or `input`. */
  readonly kind: string;
  readonly type: string;
  /** Its value in one line, or how it stands where it has none. */
  readonly value: string;
  readonly reads: readonly string[];
  readonly readers: readonly string[];
  /** The path of its cell; null for an input. */
  readonly cell: string | null;
}

/** All names in the order of the page, inputs first; a cell with variants has the value of the one that is chosen. */
export function namedValues(view: NotebookView): readonly NamedValue[] {
  const { inputs } = view.head.head;
  const nodes = Object.values(view.nodes);
  const readers = (input: string): readonly string[] =>
    nodes.filter(({ reads }) => reads.includes(input)).map(({ id }) => id);
  return [
    ...inputs.map(({ name, type, value }): NamedValue => ({
      name,
      kind: "input",
      type,
      value: value === undefined ? "no value" : inputText(value),
      reads: [],
      readers: readers(name),
      cell: null,
    })),
    ...Object.values(view.cells).flatMap((cell): readonly NamedValue[] => {
      const node = cell.node === null ? undefined : view.nodes[cell.node];
      return node === undefined || node.cells[0] !== cell.path ? [] : [ofNode(node, cell.path, view)];
    }),
  ];
}

function ofNode(node: NodeView, cell: string, view: NotebookView): NamedValue {
  const { id, kind, chosen, reads, addresses } = node;
  const result = view.results[addressText({ cell: id, at: chosen })] ?? view.results[addresses[0] ?? ""];
  const value = result?.value ?? null;
  const isTable = node.sheet !== null || kind === "sheet";
  return {
    name: id,
    kind,
    type: value === null ? (isTable ? (node.sheet === null ? "table" : "column") : "") : value.type,
    value: value === null ? nodeState(node, view, () => 0).word : valueSummary(value),
    reads,
    readers: directReaders(view, cell),
    cell,
  };
}

function inputText(value: Datum): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
