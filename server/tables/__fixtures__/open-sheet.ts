import { expect } from "vitest";
import type { Datum, Value } from "#server/notebook/value.ts";
import type { Frame, NodeSpec, SheetStore, StoredResult, WorkItem } from "../sheet-store.ts";
import { computeColumn, resultOf } from "./compute-column.ts";
import type { TemporaryTables } from "./temporary-tables.ts";

export type Row = { readonly [name: string]: Datum };

/** A frame with the sheet it is of. */
export interface OpenedSheet extends Frame {
  readonly sheets: SheetStore;
  readonly sheet: string;
}

/** Opens rows keyed by `id` as a sheet named after the test, so that each test has its own. */
export async function openSheet(
  { tables: { sheets, fromRows } }: TemporaryTables,
  rows: readonly Row[],
  sheet = expect.getState().currentTestName!,
): Promise<OpenedSheet> {
  const table = await fromRows(rows);
  return { sheets, sheet, ...(await sheets.openFrame({ sheet, table, key: "id", identity: [] })) };
}

/** Computes what is not current of each node in turn. */
export async function compute(
  frame: OpenedSheet,
  nodes: readonly NodeSpec[],
  make: (item: WorkItem) => Datum | Error = () => "v",
): Promise<void> {
  for (const { node } of nodes) await computeColumn(frame.sheets, frame.sheet, frame, nodes, node, make);
}

/** States of a node's addresses, `state` or `state because of …`; the exact counts agree with them. */
export async function statesOf(frame: OpenedSheet, nodes: readonly NodeSpec[], node: string): Promise<readonly string[]> {
  const call = { frame: frame.frame, nodes, node };
  const found = await frame.sheets.states({ ...call, from: 0, to: frame.rowCount });
  const counts: { [state: string]: number } = {};
  for (const { freshness } of found) counts[freshness] = (counts[freshness] ?? 0) + 1;
  const sums: { [state: string]: number } = {};
  for (const variant of await frame.sheets.freshness({ ...call, exact: true }))
    for (const [state, count] of Object.entries(variant.counts)) sums[state] = (sums[state] ?? 0) + count;
  expect(sums).toEqual(counts);
  return found.map(({ freshness, because }) => [freshness, ...because].join(" "));
}

/** Puts a result for every address of a node, fresh or not, under the key `NODE 1`; undefined leaves it without. */
export async function put(
  { sheets, sheet, frame, rowCount }: OpenedSheet,
  nodes: readonly NodeSpec[],
  node: string,
  value: (item: WorkItem, index: number) => Value | Error | null | undefined,
  calls: StoredResult["calls"] = [],
): Promise<void> {
  const work = await sheets.work({ frame, nodes, node, from: 0, to: rowCount });
  const results = work.flatMap((item, index) => {
    const made = value(item, index);
    return made === undefined ? [] : [resultOf(item, `${node} 1`, made, calls)];
  });
  await sheets.put({ sheet, node, results });
}
