import { addressText, type Coordinates } from "./address.ts";
import { coordinatesRead, keyWithText, ownParts, type KeyParts, type KeyText } from "./cell-key.ts";
import type { Graph, Node, Read, Sheet } from "./graph-node.ts";

/** What is known of something a cell reads: a hash of what it is now, and whether that can be relied on. */
export interface ReadState {
  /** False where it is stale, was never computed, or waits. */
  readonly settled: boolean;
  /** Null where there is nothing yet. */
  readonly hash: string | null;
}

/** Where the states of what cells read come from. */
export interface Lookup {
  input(name: string): ReadState;
  /** A node outside sheets by the text of its address, or a sheet's own table. */
  result(address: string): ReadState;
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
  const parts: { [part: string]: string } = { ...ownParts(node, at, graph.front) };
  const unsettled: string[] = [];
  for (const read of node.reads) {
    const state = readState(node.id, read, at, graph, lookup);
    if (state === null) continue;
    if (!state.settled) unsettled.push(read.as);
    parts[partOf(read, node)] = state.hash ?? "none";
  }
  return { ...keyWithText(parts), parts, unsettled };
}

/** The name of a read's part in the key; all results of a cell stand beside the one that is read. */
export function partOf(read: Read, { reads }: Node): string {
  if (read.type === "meta") return `meta(${read.as})`;
  const both = read.type === "results" && reads.some((other) => other.type === "node" && other.as === read.as);
  return both ? `all(${read.as})` : read.as;
}

/** The state of what gives a sheet its rows. */
export function rowsState({ id, rows }: Pick<Sheet, "id" | "rows">, graph: Graph, lookup: Lookup): ReadState {
  return (rows === null ? null : readState(id, rows, {}, graph, lookup)) ?? { settled: false, hash: null };
}

/** The state of one thing read; null for what is in the key already or belongs to a row. */
export function readState(reader: string, read: Read, at: Coordinates, graph: Graph, lookup: Lookup): ReadState | null {
  switch (read.type) {
    case "input":
      return lookup.input(read.input);
    case "file":
      return lookup.file(read.path);
    case "node":
    case "meta": {
      const target = graph.nodes.get(read.node);
      const coordinates = target === undefined ? {} : coordinatesRead(read, target.axes, at);
      return lookup.result(addressText({ cell: read.node, at: coordinates }));
    }
    case "results":
      return lookup.results(reader, read);
    case "after":
    case "vary":
    case "row":
    case "bound":
    case "calls":
      return null;
  }
}
