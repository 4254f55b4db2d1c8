import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { literal, openSession, type Session } from "./duckdb-session.ts";
import { removeLeftFiles } from "./remove-left-files.ts";
import type { TableFolders } from "./tables.ts";

/** The in-memory DuckDB for people's SQL. It reads the immutable files and nothing else; its settings cannot be changed any more. */
export interface QueryDatabase {
  /** The session for parsing alone. */
  readonly parser: Session;
  /** A session in a database of its own, empty and dropped afterwards. */
  use<Answer>(work: (session: Session) => Promise<Answer>): Promise<Answer>;
}

/** Opens and locks it. The order of the settings matters: the last two shut the door. */
export async function openQueryDatabase({ files, cache }: TableFolders): Promise<QueryDatabase> {
  const temporary = join(cache, "query", String(process.pid));
  // A query that was killed may have left gigabytes.
  await removeLeftFiles(dirname(temporary));
  await mkdir(temporary, { recursive: true });
  const instance = await DuckDBInstance.create(":memory:", { threads: "1", memory_limit: "1GB" });
  const control = openSession(await instance.connect());
  await control.execute(`
    SET GLOBAL temp_directory = ${literal(temporary)};
    SET GLOBAL max_temp_directory_size = '4GB';
    SET GLOBAL TimeZone = 'UTC';
    SET GLOBAL errors_as_json = true;
    SET GLOBAL parquet_metadata_cache = true;
    SET GLOBAL autoinstall_known_extensions = false;
    SET GLOBAL autoload_known_extensions = false;
    SET GLOBAL allow_community_extensions = false;
    SET GLOBAL allow_persistent_secrets = false;
    SET GLOBAL allowed_directories = [${literal(join(files, "/"))}];
    SET GLOBAL enable_external_access = false;
    SET GLOBAL lock_configuration = true;`);

  let next = 1;
  return {
    parser: control,
    async use(work) {
      const name = `sheaf_${next++}`;
      const connection = await instance.connect();
      const session = openSession(connection);
      await session.execute(`attach ':memory:' as ${name}; use ${name};`);
      try {
        return await work(session);
      } finally {
        connection.closeSync();
        await control.execute(`detach ${name}`);
      }
    },
  };
}
