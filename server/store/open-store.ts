import { join } from "node:path";
import { Kysely } from "kysely";
import { createStore } from "./create-store.ts";
import { migrate } from "./migrate.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";
import { stateMigrations, type StateSchema } from "./state-schema.ts";
import type { Store } from "./store.ts";

/**
 * Opens the state of a workspace, `state.sqlite` in `folder`, which must be there. Rejects with `store.unwritable`, `store.corrupt`,
 * `store.full`, `store.busy` or `store.newer`.
 */
export async function openStore(options: { readonly folder: string; readonly workspace: string }): Promise<Store> {
  const file = join(options.folder, "state.sqlite");
  const db = new Kysely<StateSchema>({ dialect: sqliteDialect({ file, synchronous: "full" }) });
  try {
    await migrate(db, "state", stateMigrations("sqlite"));
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return createStore(db, options.workspace);
}
