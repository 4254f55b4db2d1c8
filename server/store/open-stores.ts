import type { Journal } from "./journal.ts";
import { openJournal } from "./open-journal.ts";
import { openResults } from "./open-results.ts";
import { openStore } from "./open-store.ts";
import type { Workspace } from "./open-workspace.ts";
import type { RepositoryPlace } from "./store-messages.ts";
import { storeThread } from "./store-thread.ts";
import type { Results, Store } from "./store.ts";

/** All stores of a workspace. */
export interface Stores {
  readonly store: Store;
  readonly results: Results;
  readonly journal: Journal;
  close(): Promise<void>;
}

/** Opens all stores of a workspace in one thread, side by side. Rejects with the first's error, and none is left open. */
export async function openStores(
  { id, state, cache }: Pick<Workspace, "id" | "state" | "cache">,
  settings: Pick<RepositoryPlace, "synchronous"> = {},
): Promise<Stores> {
  const thread = storeThread();
  const inState = { folder: state, workspace: id };
  const opened = await Promise.allSettled([
    openStore(inState, thread),
    openResults({ folder: cache, workspace: id }, thread),
    openJournal({ ...inState, ...settings }, thread),
  ]);
  const [store, results, journal] = opened;
  if (store.status === "fulfilled" && results.status === "fulfilled" && journal.status === "fulfilled") {
    const all = { store: store.value, results: results.value, journal: journal.value };
    return { ...all, close: () => closeAll(Object.values(all)) };
  }
  await closeAll(opened.flatMap((each) => (each.status === "fulfilled" ? [each.value] : [])));
  throw opened.find((each) => each.status === "rejected")!.reason;
}

async function closeAll(stores: readonly { close(): Promise<void> }[]): Promise<void> {
  await Promise.all(stores.map((store) => store.close()));
}
