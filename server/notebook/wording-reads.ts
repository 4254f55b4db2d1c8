import type { Coordinates } from "./address.ts";
import { promptAxis } from "./axis.ts";
import type { Node, Read } from "./graph-node.ts";
import type { Cell } from "./notebook.ts";

const known = new WeakMap<readonly Read[], ReadonlyMap<string, readonly Read[]>>();

/** What a node reads at a label of its axis `prompt`: what its own wording reads, and the settings that all share. */
export function readsAt({ reads, wordings }: Pick<Node, "reads" | "wordings">, at: Coordinates): readonly Read[] {
  if (wordings.length === 1) return reads;
  let found = known.get(reads);
  if (found === undefined) known.set(reads, (found = byWording(reads, wordings)));
  return found.get(at[promptAxis] ?? "") ?? reads;
}

function byWording(reads: readonly Read[], wordings: readonly Cell[]): ReadonlyMap<string, readonly Read[]> {
  const labels = wordings.flatMap(({ label }) => label ?? []);
  if (reads.every(({ only }) => only === undefined)) return new Map();
  return new Map(labels.map((label) => [label, reads.filter(({ only }) => only?.includes(label) ?? true)]));
}

/** A read as one of another wording's as well: of those that either names, or of all. */
export function widened(read: Read, only: Read["only"]): Read {
  const { only: own, ...all } = read;
  return own === undefined || only === undefined ? (all as Read) : { ...read, only: [...new Set([...own, ...only])] };
}
