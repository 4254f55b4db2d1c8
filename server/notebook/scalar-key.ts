import { addressText, type Coordinates } from "./address.ts";
import { coordinatesRead, ownParts, type KeyParts, type KeyText } from "./cell-key.ts";
import { continuesOnError } from "./continues-on-error.ts";
import type { Graph, Node, Read, Sheet } from "./graph-node.ts";
import { sha256 } from "./hash.ts";
import { wholeOf } from "./part-of-cell.ts";
import { partOfName } from "./part-names.ts";
import { readsAt } from "./wording-reads.ts";

/** What is known of something a cell reads: a hash of what it is now, and whether that can be relied on. */
export interface ReadState {
  /** False where it is stale, was never computed, or waits. */
  readonly settled: boolean;
  /** Null where there is nothing. */
  readonly hash: string | null;
}

/** What of a result a reader gets: its value, its error where it has that in place of one, what `meta` tells of it, its rows with why they lack values, or its value where who reads it counts what is still to come. */
export type Seen = "value" | "value or error" | "facts" | "rows" | "counted";

/** Where the states of what cells read come from. */
export interface Lookup {
  input(name: string): ReadState;
  /** A node outside sheets by the text of its address, or a sheet's own table. */
  result(address: string, seen: Seen): ReadState;
  /** All results of what `read` names, as the node `reader` sees them: figures, or a table. */
  results(reader: string, read: Extract<Read, { type: "results" }>): ReadState;
  file(path: string): ReadState;
}

/** A key with the parts it is the hash of, and those of them that are not settled. */
export interface ResultKey {
  readonly key: string;
  readonly parts: KeyParts;
  readonly text: KeyText;
  readonly unsettled: readonly string[];
}

/** The key of a result outside sheets as it would be computed now, with what is not settled of what it reads. */
export function scalarKey(node: Node, at: Coordinates, graph: Graph, lookup: Lookup): ResultKey {
  const layout = layoutOf(node, at, ownParts(node, at, graph.front));
  const hashes: string[] = [];
  let unsettled = nothing;
  for (const { read } of layout.reads) {
    const { settled, hash } = stateOf(node.id, read, at, graph, lookup);
    if (!settled) unsettled = [...unsettled, read.as];
    hashes.push(hash ?? "none");
  }
  return new ScalarKey(layout, hashes, unsettled);
}

const nothing: readonly string[] = [];

/** A class, for there is one for each of thousands of results, and hardly anybody asks for its parts. */
class ScalarKey implements ResultKey {
  readonly key: string;
  readonly text: KeyText;
  readonly unsettled: readonly string[];
  readonly #layout: Layout;
  readonly #hashes: readonly string[];

  constructor(layout: Layout, hashes: readonly string[], unsettled: readonly string[]) {
    this.text = textOf(layout, hashes);
    this.key = sha256(this.text);
    this.unsettled = unsettled;
    this.#layout = layout;
    this.#hashes = hashes;
  }

  get parts(): KeyParts {
    const { own, reads } = this.#layout;
    return { ...own, ...Object.fromEntries(reads.map(({ part }, index) => [part, this.#hashes[index]!])) };
  }
}

/** The canonical JSON of a node's parts but for the hashes of what it reads: the same whatever those are. */
interface Layout {
  readonly own: KeyParts;
  readonly reads: readonly { readonly read: StateRead; readonly part: string }[];
  /** Its members in their order: the text up to the hash of a read, or the whole one of an own part. */
  readonly members: readonly { readonly text: string; readonly read: number | null }[];
}

const layouts = new WeakMap<Node, Layout>();

function layoutOf(node: Node, at: Coordinates, own: KeyParts): Layout {
  const known = layouts.get(node);
  if (known?.own === own) return known;
  const reads = readsAt(node, at)
    .filter(hasState)
    .map((read) => ({ read, part: partOf(read, node) }));
  // What is read twice under one name counts as it is read last.
  const places = new Map<string, number | null>(Object.keys(own).map((name) => [name, null]));
  for (const [index, { part }] of reads.entries()) places.set(part, index);
  const members = [...places.keys()].sort().map((name, index) => {
    const text = `${index === 0 ? "{" : ","}${JSON.stringify(name)}:`;
    const read = places.get(name)!;
    return { text: read === null ? text + JSON.stringify(own[name]) : text, read };
  });
  const layout = { own, reads, members };
  layouts.set(node, layout);
  return layout;
}

function textOf({ members }: Layout, hashes: readonly string[]): KeyText {
  let all = "";
  for (const { text, read } of members) all += read === null ? text : text + JSON.stringify(hashes[read]);
  return `${all}}`;
}

/** The name of a read's part in the key; all results of a cell stand beside the one that is read. */
export function partOf(read: Read, { reads }: Node): string {
  if (read.type === "meta") return `meta(${read.as})`;
  const both = read.type === "results" && reads.some((other) => other.type === "node" && other.as === read.as);
  return both ? `all(${read.as})` : partOfName(read.as);
}

/** The state of what gives a sheet its rows. */
export function rowsState({ id, rows }: Pick<Sheet, "id" | "rows">, graph: Graph, lookup: Lookup): ReadState {
  if (rows?.type === "node" && graph.sheets.has(rows.node))
    return lookup.result(addressText({ cell: rows.node, at: {} }), "rows");
  return (rows === null ? null : readState(id, rows, {}, graph, lookup)) ?? { settled: false, hash: null };
}

/** The state of one thing read; null for what is in the key already or belongs to a row. */
export function readState(reader: string, read: Read, at: Coordinates, graph: Graph, lookup: Lookup): ReadState | null {
  return hasState(read) ? stateOf(reader, read, at, graph, lookup) : null;
}

type StateRead = Extract<Read, { readonly type: "input" | "file" | "node" | "meta" | "results" | "condition" }>;

function hasState(read: Read): read is StateRead {
  switch (read.type) {
    case "input":
    case "file":
    case "node":
    case "meta":
    case "results":
    case "condition":
      return true;
    case "after":
    case "vary":
    case "row":
    case "bound":
    case "calls":
      return false;
  }
}

function stateOf(reader: string, read: StateRead, at: Coordinates, graph: Graph, lookup: Lookup): ReadState {
  switch (read.type) {
    case "input":
      return lookup.input(read.input);
    case "file":
      return lookup.file(read.path);
    case "node":
    case "meta": {
      const target = graph.nodes.get(read.node);
      const coordinates = target === undefined ? {} : coordinatesRead(read, target.axes, at);
      const address = addressText({ cell: read.node, at: coordinates });
      if (read.type === "meta") return lookup.result(address, "facts");
      if (graph.sheets.has(read.node) && graph.nodes.get(reader)!.covers.some(({ value }) => value === read.as))
        return lookup.result(address, "counted");
      const seesError = target !== undefined && (continuesOnError(target) || wholeOf(target.id) === reader);
      return lookup.result(address, seesError ? "value or error" : "value");
    }
    case "results":
      return lookup.results(reader, read);
    case "condition":
      return lookup.result(addressText({ cell: read.node, at: {} }), "value");
  }
}
