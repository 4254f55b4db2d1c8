import type { Kysely } from "kysely";
import { createBudgets } from "./budgets.ts";
import { createConsents } from "./consents.ts";
import { createEndpoints } from "./endpoints.ts";
import { createGrants } from "./grants.ts";
import { createNotebookRecords } from "./notebook-records.ts";
import { createRequests } from "./requests.ts";
import { createRuns } from "./runs.ts";
import type { StateSchema } from "./state-schema.ts";
import type { Store } from "./store.ts";
import { createTrusts } from "./trusts.ts";
import { createWaits } from "./waits.ts";

/** The repositories of one workspace over a database. `close` lets go of the database. */
export function createStore(db: Kysely<StateSchema>, workspace: string): Store {
  const requests = createRequests(db, workspace);
  return {
    runs: createRuns(db, workspace),
    waits: createWaits(db, workspace),
    consents: createConsents(db, workspace),
    grants: createGrants(db, workspace),
    budgets: createBudgets(db, workspace),
    trusts: createTrusts(db, workspace),
    notebooks: createNotebookRecords(db, workspace),
    endpoints: createEndpoints(db, workspace),
    requests,
    async close() {
      await requests.settled();
      await db.destroy();
    },
  };
}
