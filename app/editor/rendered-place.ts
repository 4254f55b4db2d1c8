import { createSignal } from "solid-js";
import { parseAddress, type Coordinates } from "#server/notebook/address.ts";
import { promptAxis } from "#server/notebook/axis.ts";
import type { NotebookView } from "#server/workbench/view.ts";

/** Where a prompt is rendered: its node, the variant, and in a sheet the row by its number or identity. */
export interface RenderedPlace {
  readonly node: string;
  readonly at: Coordinates;
  readonly row: number | string;
}

interface Picked {
  readonly at: Coordinates;
  readonly row: RenderedPlace["row"];
}

const nothing: Picked = { at: {}, row: 0 };
const [picks, setPicks] = createSignal<ReadonlyMap<string, Picked>>(new Map());

/** The variant and row that were picked for a prompt on this page. */
export function pickOf(notebook: string, cell: string): Picked {
  return picks().get(`${notebook}\n${cell}`) ?? nothing;
}

export function pick(notebook: string, cell: string, change: Partial<Picked>): void {
  setPicks((before) => new Map(before).set(`${notebook}\n${cell}`, { ...pickOf(notebook, cell), ...change }));
}

/**
 * Where a prompt is rendered now: the chosen variant, over it the one of the selected result, and over that what was picked. Null for a
 * cell that computes nothing.
 */
export function renderedPlace(
  view: Pick<NotebookView, "cells" | "nodes" | "head">,
  path: string,
  selected: string | null,
): RenderedPlace | null {
  const cell = view.cells[path];
  const node = cell?.node == null ? undefined : view.nodes[cell.node];
  if (cell === undefined || node === undefined) return null;
  const picked = pickOf(view.head.head.path, path);
  const address = selected === null ? null : parseAddress(selected);
  const own = address !== null && address.cell === node.id ? address.at : {};
  const axes = node.axes.map(({ name }) => name);
  const variant = Object.fromEntries(Object.entries(own).filter(([axis]) => axes.includes(axis)));
  return {
    node: node.id,
    at: { ...node.chosen, ...variant, ...(cell.label === null ? {} : { [promptAxis]: cell.label }), ...picked.at },
    row: (node.sheet === null ? undefined : address?.at[node.sheet]) ?? picked.row,
  };
}
