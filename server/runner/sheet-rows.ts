import { addressText } from "#server/notebook/address.ts";
import type { Sheet } from "#server/notebook/graph-node.ts";
import type { Lookup, ReadState } from "#server/notebook/scalar-key.ts";
import type { Value } from "#server/notebook/value.ts";
import type { SessionState } from "./session-state.ts";

/** The name that `rows:` has, a cell's or an input's; `rows` where it is missing. */
export function rowsName({ rows }: Pick<Sheet, "rows">): string {
  if (rows === null) return "rows";
  return rows.type === "node" ? rows.node : rows.input;
}

/** What is known of the table that gives a sheet's rows. */
export function rowsState({ rows }: Pick<Sheet, "rows">, lookup: Lookup): ReadState {
  if (rows === null) return { settled: false, hash: null };
  return rows.type === "node" ? lookup.result(addressText({ cell: rows.node, at: {} })) : lookup.input(rows.input);
}

/** The value whose rows are a sheet's; null where there is none yet. */
export function rowsValue(
  { rows }: Pick<Sheet, "rows">,
  { inputs, overrides, results }: Pick<SessionState, "inputs" | "overrides" | "results">,
): Value | null {
  if (rows === null) return null;
  const found = rows.type === "input" ? inputs.get(rows.input) : (overrides.get(rows.node) ?? results.get(rows.node));
  return found?.value ?? null;
}
