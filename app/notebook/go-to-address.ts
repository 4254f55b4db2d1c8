import { parseAddress } from "#server/notebook/address.ts";
import { goToName } from "~/inspector/go-to-name";
import type { NotebookContextValue } from "./notebook-context";

/** Goes to the cell of an address, and explains its result there; nowhere where there is no such cell any more. */
export function goToAddress(address: string, context: Pick<NotebookContextValue, "store" | "select" | "page">): void {
  const { store, select } = context;
  const { cell } = parseAddress(address);
  const node = store.view.nodes[cell];
  if (node === undefined || !goToName(cell, context)) return;
  // A variant that is no longer there is not explained; the rows of a sheet are known to the server alone.
  if (node.sheet !== null || node.addresses.includes(address)) select({ address });
}
