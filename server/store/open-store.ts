import type { RepositoryPlace } from "./store-messages.ts";
import { storeThread, type StoreThread } from "./store-thread.ts";
import type {
  Budgets,
  Consents,
  Endpoints,
  Grants,
  NotebookRecords,
  Requests,
  Runs,
  Store,
  Trusts,
  Waits,
} from "./store.ts";

/**
 * Opens the state of a workspace, `state.sqlite` in `folder`, which must be there; a thread reads and writes it. Rejects with
 * `store.unwritable`, `store.corrupt`, `store.full`, `store.busy` or `store.newer`.
 */
export async function openStore(place: RepositoryPlace, thread: StoreThread = storeThread()): Promise<Store> {
  const state = await thread.open("state", place);
  return {
    runs: state.methods<Runs>(
      {
        begin: "together",
        record: "at once",
        end: "together",
        get: "together",
        results: "together",
        list: "together",
        recent: "together",
        recorded: "together",
      },
      "runs",
    ),
    waits: state.methods<Waits>({ add: "together", list: "together", remove: "together" }, "waits"),
    consents: state.methods<Consents>({ has: "together", give: "together", list: "together" }, "consents"),
    grants: state.methods<Grants>(
      { give: "together", book: "together", list: "together", revoke: "together", rename: "together" },
      "grants",
    ),
    budgets: state.methods<Budgets>({ set: "together", list: "together", remove: "together" }, "budgets"),
    trusts: state.methods<Trusts>({ meet: "together", trust: "together", forget: "together" }, "trusts"),
    notebooks: state.methods<NotebookRecords>({ move: "together" }, "notebooks"),
    endpoints: state.methods<Endpoints>(
      {
        publish: "at once",
        makeLive: "together",
        get: "together",
        list: "together",
        version: "together",
        versions: "together",
        changes: "together",
        tables: "together",
      },
      "endpoints",
    ),
    requests: state.methods<Requests>(
      {
        begin: "together",
        put: "together",
        get: "together",
        open: "together",
        list: "together",
        release: "together",
      },
      "requests",
    ),
    close: () => state.close(),
  };
}
