import { createMemo, createResource, type Accessor } from "solid-js";
import { addressText } from "#server/notebook/address.ts";
import type { ResultDetail } from "#server/runner/result-detail.ts";
import type { NotebookView, ResultView } from "#server/workbench/view.ts";
import { api } from "~/api";
import type { NotebookStore } from "~/notebook/notebook-store";
import { lastOf } from "~/ui/last-of";

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
  /** Counts how often they were asked for: once more whenever any of the sheet's results changed. */
  const asked = createMemo<{ readonly addresses: readonly string[]; readonly turn: number }>(
    (before) => {
      void store.view.sheets[sheet]?.version;
      return { addresses: addresses(), turn: before.turn + 1 };
    },
    { addresses: [], turn: 0 },
  );
  const [resource] = createResource(
    () => ({ path: store.path, ...asked() }),
    async ({ path, addresses, turn }) => {
      const found = await Promise.all(addresses.map((address) => api.notebook.result.query({ path, address })));
      return { turn, results: found.flatMap((detail) => (detail === null ? [] : [detail as ResultDetail])) };
    },
  );
  const known = lastOf(resource);
  const results = createMemo((): NotebookView["results"] =>
    Object.fromEntries((known()?.results ?? []).map((detail) => [addressText(detail.address), viewOf(detail, sheet)])),
  );
  /** Texts with the turn in which their results come; null while they stream. */
  const texts = createMemo((before: { readonly [address: string]: HeldText }): typeof before => {
    const { addresses, turn } = asked();
    const held = addresses.flatMap((address): readonly (readonly [string, HeldText])[] => {
      const text = store.view.streams[address];
      if (text !== undefined) return [[address, { text, turn: null }]];
      const last = before[address];
      const ended = last === undefined ? null : { text: last.text, turn: last.turn ?? turn };
      return ended === null || (known()?.turn ?? 0) >= ended.turn ? [] : [[address, ended]];
    });
    return Object.fromEntries(held);
  }, {});
  const streams = createMemo(() =>
    Object.fromEntries(Object.entries(texts()).map(([address, { text }]) => [address, text])),
  );
  return { results, streams, problem: () => resource.error as unknown };
}

interface HeldText {
  readonly text: string;
  readonly turn: number | null;
}

/** Its labels are those of its variant: the row is that of all. */
function viewOf(detail: ResultDetail, sheet: string): ResultView {
  const { address, freshness, outcome, value, error, calls, because, at: computedAt, notes } = detail;
  const { [sheet]: _row, ...at } = address.at;
  const parts = { freshness, outcome, value, error, calls, because, computedAt, notes };
  return { ...parts, address: addressText(address), at, full: null, waiting: null };
}
