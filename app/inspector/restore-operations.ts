import type { Operation } from "#server/notebook/operation.ts";
import type { Datum } from "#server/notebook/value.ts";

/** A cell's text: what is set, and what stands below. */
export interface CellText {
  readonly source: string;
  readonly configuration: { readonly [key: string]: Datum };
}

/** The edits that give a cell another configuration, key by key: comments and order of what stays are kept. */
export function configurationOperations(
  cell: string,
  before: CellText["configuration"],
  after: CellText["configuration"],
): readonly Operation[] {
  const keys = [...new Set([...Object.keys(after), ...Object.keys(before)])];
  return keys
    .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
    .map((key) => ({ type: "set-configuration", cell, path: [key], value: after[key] }));
}

/** The edits that give a cell a text it had before. */
export function restoreOperations(cell: string, now: CellText, then: CellText): readonly Operation[] {
  const source: readonly Operation[] =
    now.source === then.source ? [] : [{ type: "set-source", cell, source: then.source }];
  return [...configurationOperations(cell, now.configuration, then.configuration), ...source];
}
