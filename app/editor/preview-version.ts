import type { CellView, NotebookView } from "#server/workbench/view.ts";

/** Changes with everything the request of a prompt is made of: its text and fields, inputs, models, and what it reads, by hand or computed. */
export function previewVersion(
  view: Pick<NotebookView, "head" | "nodes" | "sheets" | "results">,
  cell: CellView,
): string {
  const reads = (cell.node === null ? undefined : view.nodes[cell.node])?.reads ?? [];
  return JSON.stringify([
    cell.source,
    cell.configuration,
    view.head.head.inputs.map(({ value }) => value),
    view.head.head.models,
    reads.map((read) => [
      // A column's results are its sheet's, which tells only that they changed.
      view.sheets[view.nodes[read]?.sheet ?? read]?.version,
      (view.nodes[read]?.addresses ?? []).map((address) => {
        const result = view.results[address];
        return [address, result?.computedAt, result?.freshness.state, result?.value];
      }),
    ]),
  ]);
}
