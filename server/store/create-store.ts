import type { Kysely } from "kysely";
import { createConsents } from "./consents.ts";
import { createGrants } from "./grants.ts";
import { createRuns } from "./runs.ts";
import type { StateSchema } from "./state-schema.ts";
import type { Store } from "./store.ts";
import { createTrusts } from "./trusts.ts";
import { createWaits } from "./waits.ts";

/** The repositories of one workspace over a database. `close` lets go of the database. */
export function createStore(db: Kysely<StateSchema>, workspace: string): Store {
  return {
    runs: createRuns(db, workspace),
    waits: createWaits(db, workspace),
    consents: createConsents(db, workspace),
    grants: createGrants(db, workspace),
    trusts: createTrusts(db, workspace),
    close: () => db.destroy(),
  };
}
