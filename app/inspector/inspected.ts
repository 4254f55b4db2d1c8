import { createMemo, createResource, type Accessor } from "solid-js";
import { addressText, parseAddress, type Address } from "#server/notebook/address.ts";
import type { ResultDetail } from "#server/runner/result-detail.ts";
import type { CellView, NodeView, ResultView } from "#server/workbench/view.ts";
import { api } from "~/api";
import { useNotebook } from "~/notebook/notebook-context";

/** What the inspector is about: a cell, and one result of it. */
export interface Inspected {
  readonly cell: Accessor<CellView | undefined>;
  readonly node: Accessor<NodeView | undefined>;
  /** The text of the address, the selected one or that of the chosen variant; null where the cell has none. */
  readonly address: Accessor<string | null>;
  /** What the page knows of it; undefined in sheets. */
  readonly result: Accessor<ResultView | undefined>;
  /** All that is known of it; undefined until it is here. */
  readonly details: Accessor<ResultDetail | undefined>;
  /** Whether it is no longer there: its row went from the file. */
  readonly gone: Accessor<boolean>;
  readonly problem: Accessor<unknown>;
}

export function useInspected(): Inspected {
  const { store, selection } = useNotebook();
  const selectedCell = createMemo(() => (selection().cell === null ? undefined : store.view.cells[selection().cell!]));
  const node = createMemo((): NodeView | undefined => {
    const { address } = selection();
    if (address !== null) return store.view.nodes[parseAddress(address).cell];
    const id = selectedCell()?.node;
    return id == null ? undefined : store.view.nodes[id];
  });
  const cell = createMemo(() => {
    const selected = selectedCell();
    const paths = node()?.cells ?? [];
    if (selected !== undefined && (paths.length === 0 || paths.includes(selected.path))) return selected;
    return paths[0] === undefined ? selected : store.view.cells[paths[0]];
  });
  const address = createMemo(() => {
    if (selection().address !== null) return selection().address;
    const now = node();
    if (now === undefined || now.sheet !== null || now.kind === "sheet") return null;
    const wording = cell()?.label;
    const at = wording == null || !("prompt" in now.chosen) ? now.chosen : { ...now.chosen, prompt: wording };
    const text = addressText({ cell: now.id, at });
    return now.addresses.includes(text) ? text : (now.addresses[0] ?? null);
  });
  const result = createMemo(() => (address() === null ? undefined : store.view.results[address()!]));
  /** Changes whenever what the server would say may have. */
  const version = createMemo(() => {
    const sheet = node()?.sheet;
    const now = result();
    return sheet == null
      ? JSON.stringify([now?.computedAt, now?.outcome, now?.freshness, now?.notes])
      : String(store.view.sheets[sheet]?.version);
  });
  const [resource] = createResource(
    () => (address() === null ? null : { address: address()!, version: version() }),
    ({ address }) => api.notebook.result.query({ path: store.path, address }),
  );
  // What came for another address is not shown for this one.
  const details = (): ResultDetail | undefined =>
    resource.error === undefined &&
    resource.latest != null &&
    addressText(resource.latest.address as Address) === address()
      ? (resource.latest as ResultDetail)
      : undefined;
  const gone = (): boolean => resource.error === undefined && resource.latest === null;
  return { cell, node, address, result, details, gone, problem: () => resource.error as unknown };
}
