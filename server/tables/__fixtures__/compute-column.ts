import type { Coordinates } from "#server/notebook/address.ts";
import { toValue, type Datum, type Value } from "#server/notebook/value.ts";
import { valueHash } from "#server/notebook/value-hash.ts";
import { encodeValue } from "#server/notebook/value-json.ts";
import type { Frame, NodeInput, NodeSpec, Override, SheetStore, StoredResult, WorkItem } from "../sheet-store.ts";

/** A node of one variant without axes, or of those given, under one key text. */
export function nodeOf(
  node: string,
  inputs: readonly NodeInput[],
  { key = `${node} 1`, variants = [{}] }: { key?: string | null; variants?: readonly Coordinates[] } = {},
): NodeSpec {
  return { node, inputs, variants: variants.map((at) => ({ at, key })) };
}

export function column(name: string): NodeInput {
  return { type: "column", column: name };
}

export function reads(node: string, axes: readonly string[] = [], at?: Coordinates): NodeInput {
  return { type: "node", node, axes, ...(at === undefined ? {} : { at }) };
}

/** The result of an address with a value, an error, or nothing (skipped). */
export function resultOf(
  { row, at, input }: Pick<WorkItem, "row" | "at" | "input">,
  key: string,
  value: Value | Error | null,
  calls: StoredResult["calls"] = [],
): StoredResult {
  const kept = { row, at, key, input: input ?? "", value: null, valueHash: null, error: null, calls };
  if (value === null) return { ...kept, outcome: "skipped" };
  if (value instanceof Error)
    return { ...kept, outcome: "error", error: JSON.stringify({ code: "test.error", message: value.message }) };
  return { ...kept, outcome: "ok", value: encodeValue(value), valueHash: valueHash(value) };
}

export function overrideOf(row: string, type: Override["type"], datum: Datum, at: Coordinates = {}): Override {
  const value = toValue(datum);
  return { row, at, type, value: encodeValue(value), valueHash: valueHash(value) };
}

/** Computes what is not current in one column, as a run does, and says at which rows it did. */
export async function computeColumn(
  sheets: SheetStore,
  sheet: string,
  { frame, rowCount }: Frame,
  nodes: readonly NodeSpec[],
  node: string,
  value: (item: WorkItem) => Datum | Error,
  range: { readonly from?: number; readonly to?: number } = {},
): Promise<readonly string[]> {
  const work = await sheets.work({ frame, nodes, node, from: 0, to: rowCount, ...range });
  const { variants } = nodes.find((spec) => spec.node === node)!;
  const results = work
    .filter(({ stored, input, override }) => stored?.fresh !== true && input !== null && override === null)
    .map((item) => {
      const key = variants.find(({ at }) => JSON.stringify(at) === JSON.stringify(item.at))!.key!;
      const made = value(item);
      return resultOf(item, key, made instanceof Error ? made : toValue(made));
    });
  await sheets.put({ sheet, node, results });
  return results.map(({ row }) => row);
}
