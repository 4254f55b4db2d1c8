import { addressText, type Address } from "#server/notebook/address.ts";
import { chosenVariant } from "#server/notebook/axis.ts";
import type { Session } from "#server/runner/session.ts";
import { cutText, rowsText, valueText } from "./value-text.ts";

/** A line for an output of the notebook that has just come, as `vote: card_arrival`; null where the address is none, or not the label shown. */
export function outputLine(address: Address, { state, shown }: Session, width: number): string | null {
  const { front, nodes } = state.graph;
  const node = nodes.get(address.cell);
  if (node === undefined || !front.outputs.includes(address.cell)) return null;
  if (addressText(address) !== addressText({ cell: node.id, at: chosenVariant(node.axes, front.choose) })) return null;
  const value = shown(address.cell)?.value;
  switch (value?.type) {
    case "string":
    case "number":
    case "boolean":
    case "json":
    case "score":
      return cutText(`${address.cell}: ${valueText(value.value)}`, width);
    case "table":
      return `${address.cell}: ${rowsText(value.value.rowCount)}`;
    default:
      return null;
  }
}
