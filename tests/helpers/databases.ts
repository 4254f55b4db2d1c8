import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { Kysely } from "kysely";
import { migrate, type DatabaseName, type Migrations } from "#server/store/migrate.ts";
import { sqliteDialect } from "#server/store/sqlite-dialect.ts";
import { pgliteDialect } from "./pglite-dialect.ts";
import { temporaryFolder, type TemporaryFolder } from "./temporary-folder.ts";

/** A database that repositories are tested over. `start` before the first `open`, `stop` after the last. */
export interface TestDatabase {
  readonly name: DatabaseName;
  start(): Promise<void>;
  /** The database with a schema in it. All who open the same part share its rows: a test takes a workspace of its own. */
  open<Schema>(part: string, migrations: (name: DatabaseName) => Migrations): Promise<Kysely<Schema>>;
  stop(): Promise<void>;
}

/** The databases that every repository must work the same over. */
export function testDatabases(): readonly TestDatabase[] {
  return [sqliteDatabase(), postgresDatabase()];
}

function sqliteDatabase(): TestDatabase {
  let folder: TemporaryFolder;
  return {
    name: "sqlite",
    async start() {
      folder = await temporaryFolder();
    },
    async open<Schema>(part: string, migrations: (name: DatabaseName) => Migrations) {
      const file = join(folder.path, `${part}.sqlite`);
      const db = new Kysely<Schema>({ dialect: sqliteDialect({ file, synchronous: "normal" }) });
      await migrate(db, part, migrations("sqlite"));
      return db;
    },
    stop: async () => folder[Symbol.asyncDispose](),
  };
}

function postgresDatabase(): TestDatabase {
  let database: PGlite;
  return {
    name: "postgres",
    async start() {
      database = await PGlite.create();
    },
    async open<Schema>(part: string, migrations: (name: DatabaseName) => Migrations) {
      const db = new Kysely<Schema>({ dialect: pgliteDialect(database) });
      await migrate(db, part, migrations("postgres"));
      return db;
    },
    stop: () => database.close(),
  };
}
