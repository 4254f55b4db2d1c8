import { statSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { literal, openSession, type Session } from "./duckdb-session.ts";

/** Our own DuckDB file, `cache/tables.duckdb`: cache, so it is made anew where it is missing, deleted or damaged. */
export interface TablesDatabase {
  /** The shared session. Asked for before each use, because the file may have been deleted since. No transactions across awaits on it. */
  connection(): Promise<Session>;
  /** Runs `work` with a session of its own (for transactions and long statements), which is interrupted when `signal` aborts. */
  use<Answer>(work: (session: Session) => Promise<Answer>, signal?: AbortSignal): Promise<Answer>;
  /** Rises whenever the database was opened anew and may be empty: what is remembered of its content is then void. */
  readonly generation: number;
}

/** The database in the folder `cache`, opened at first use. Statements run with one thread, so that equal input gives equal output. */
export function openTablesDatabase(cache: string): TablesDatabase {
  const file = join(cache, "tables.duckdb");
  let opened: Promise<Opened> | undefined;
  let generation = 0;

  async function open(): Promise<Opened> {
    generation += 1;
    await mkdir(join(cache, "scratch"), { recursive: true });
    try {
      return await openFile(file, cache);
    } catch (error) {
      if (isLocked(error)) throw error;
      // Damaged: it is a cache, so it starts again.
      await removeFile(file);
      return await openFile(file, cache);
    }
  }

  async function current(): Promise<Opened> {
    const before = opened;
    if (before !== undefined) {
      const database = await before.catch(() => undefined);
      if (database !== undefined && database.inode === inodeOf(file)) return database;
      // Another caller may have opened it anew while this one waited.
      if (opened === before) {
        opened = undefined;
        database?.close();
        await removeFile(`${file}.wal`);
      }
    }
    opened ??= open();
    return await opened;
  }

  return {
    async connection() {
      return (await current()).session;
    },
    async use(work, signal) {
      signal?.throwIfAborted();
      const { instance } = await current();
      const connection = await instance.connect();
      const interrupt = (): void => connection.interrupt();
      signal?.addEventListener("abort", interrupt);
      try {
        return await work(openSession(connection));
      } finally {
        signal?.removeEventListener("abort", interrupt);
        connection.closeSync();
      }
    },
    get generation() {
      return generation;
    },
  };
}

interface Opened {
  readonly instance: DuckDBInstance;
  readonly session: Session;
  readonly inode: number | undefined;
  close(): void;
}

async function openFile(file: string, cache: string): Promise<Opened> {
  const instance = await DuckDBInstance.create(file, { threads: "1", memory_limit: "1GB" });
  const connection = await instance.connect();
  const session = openSession(connection);
  await session.execute(`
    SET GLOBAL temp_directory = ${literal(join(cache, "scratch"))};
    SET GLOBAL TimeZone = 'UTC';
    SET GLOBAL autoinstall_known_extensions = false;
    SET GLOBAL autoload_known_extensions = false;`);
  return {
    instance,
    session,
    inode: inodeOf(file),
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

function inodeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.ino;
}

async function removeFile(file: string): Promise<void> {
  await rm(file, { force: true });
  await rm(`${file}.wal`, { force: true });
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && error.message.includes("Could not set lock");
}
