import { createMemo, createResource, type Accessor } from "solid-js";
import { addressText } from "#server/notebook/address.ts";
import type { ResultDetail } from "#server/runner/result-detail.ts";
import type { NotebookView, ResultView } from "#server/workbench/view.ts";
import { api } from "~/api";
import type { NotebookStore } from "~/notebook/notebook-store";

/** What a page has of results in a row of a sheet: as `NotebookView` has it of those outside sheets, and the texts of answers that are coming. */
export interface RowResults {
  readonly results: Accessor<NotebookView["results"]>;
  /** One that has come stays until the result it became is here. */
  readonly streams: Accessor<NotebookView["streams"]>;
  readonly problem: Accessor<unknown>;
}

/** Follows the results at addresses in one row of a sheet. */
export function createRowResults(
  store: Pick<NotebookStore, "path" | "view">,
  sheet: string,
  addresses: Accessor<readonly string[]>,
): RowResults {
  const version = createMemo(() => `${store.view.sheets[sheet]?.version} ${addresses().join("\n")}`);
  const [resource] = createResource(
    () => ({ path: store.path, addresses: addresses(), version: version() }),
    async ({ path, addresses, version }) => {
      const found = await Promise.all(addresses.map((address) => api.notebook.result.query({ path, address })));
      return { version, results: found.flatMap((detail) => (detail === null ? [] : [detail as ResultDetail])) };
    },
  );
  const known = () => (resource.error === undefined ? resource.latest : undefined);
  const results = createMemo((): NotebookView["results"] =>
    Object.fromEntries((known()?.results ?? []).map((detail) => [addressText(detail.address), viewOf(detail, sheet)])),
  );
  const streams = createMemo((before: NotebookView["streams"]): NotebookView["streams"] => {
    const isOld = known()?.version !== version();
    const texts = addresses().flatMap((address) => {
      const text = store.view.streams[address] ?? (isOld ? before[address] : undefined);
      return text === undefined ? [] : [[address, text] as const];
    });
    return Object.fromEntries(texts);
  }, {});
  return { results, streams, problem: () => resource.error as unknown };
}

/** Its labels are those of its variant: the row is that of all. */
function viewOf(detail: ResultDetail, sheet: string): ResultView {
  const { address, freshness, outcome, value, error, calls, because, at: computedAt, notes } = detail;
  const { [sheet]: _row, ...at } = address.at;
  const parts = { freshness, outcome, value, error, calls, because, computedAt, notes };
  return { ...parts, address: addressText(address), at, full: null, waiting: null };
}
