import { sql, type Kysely } from "kysely";
import { Migrator, type Migration } from "kysely/migration";
import { SheafError } from "#server/notebook/sheaf-error.ts";

/** The databases the schema is written for. */
export type DatabaseName = "sqlite" | "postgres";

/** A schema's history: `{ "0001-calls": { up } }`, in the order of the names. A released migration is never changed. */
export type Migrations = { readonly [name: string]: Migration };

/**
 * Brings a database to the newest schema this program knows, once, whoever else does so at the same time. `part` names the
 * schema (`journal`), which has its own list beside others in one database. Throws `store.newer` where the database has
 * been migrated by a newer program.
 */
export async function migrate<Schema>(db: Kysely<Schema>, part: string, migrations: Migrations): Promise<void> {
  const table = `${part}_migrations`;
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableName: table,
    migrationLockTableName: `${part}_migration_lock`,
  });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const unknown = (await applied(db, table)).filter((name) => migrations[name] === undefined);
  if (unknown.length === 0) throw error;
  throw new SheafError(
    "store.newer",
    `the ${part} was written by a newer version of Sheaf (it has ${unknown.join(", ")}, which this version does not know)`,
    { cure: "Use that version of Sheaf or a newer one; nothing has been changed.", cause: error },
  );
}

async function applied<Schema>(db: Kysely<Schema>, table: string): Promise<readonly string[]> {
  try {
    const { rows } = await sql<{ name: string }>`select name from ${sql.table(table)} order by name`.execute(db);
    return rows.map((row) => row.name);
  } catch {
    // The list itself cannot be read: what went wrong before is the error to tell.
    return [];
  }
}
