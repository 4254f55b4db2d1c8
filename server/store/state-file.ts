import { join } from "node:path";
import { Kysely } from "kysely";
import { createStore } from "./create-store.ts";
import { migrate } from "./migrate.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";
import { stateMigrations, type StateSchema } from "./state-schema.ts";
import type { RepositoryPlace } from "./store-messages.ts";
import type { Store } from "./store.ts";

/** The state over `state.sqlite` in `folder`, in this thread. Rejects as `openStore`. */
export async function openStateFile({ folder, workspace }: RepositoryPlace): Promise<Store> {
  const dialect = sqliteDialect({ file: join(folder, "state.sqlite"), synchronous: "full" });
  const db = new Kysely<StateSchema>({ dialect });
  try {
    await migrate(db, "state", stateMigrations("sqlite"));
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return createStore(db, workspace);
}
