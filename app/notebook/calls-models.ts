import type { NodeView, NotebookView } from "#server/workbench/view.ts";

/** Whether running a node calls a model: itself, or in a sheet one of its columns. */
export function callsModels(node: NodeView, { nodes }: Pick<NotebookView, "nodes">): boolean {
  if (node.effect === "model" || node.effect === "paid") return true;
  if (node.kind !== "sheet") return false;
  return Object.values(nodes).some(
    ({ sheet, effect }) => sheet === node.id && (effect === "model" || effect === "paid"),
  );
}

/** US dollars that the results of a node cost, null where some have no price; undefined where they took no call. */
export function costOf(node: NodeView, { results }: Pick<NotebookView, "results">): number | null | undefined {
  const calls = node.addresses.flatMap((address) => results[address]?.calls ?? []);
  if (calls.length === 0) return undefined;
  return calls.some(({ cost }) => cost === null) ? null : calls.reduce((sum, { cost }) => sum + (cost ?? 0), 0);
}
