import { statSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { literal, openSession, type Session } from "./duckdb-session.ts";
import { removeLeftFiles } from "./remove-left-files.ts";

/** Our own DuckDB file, `cache/tables.duckdb`: cache, so it is made anew where it is missing, deleted, damaged or of another layout. */
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
  const scratch = join(cache, "scratch", String(process.pid));
  let file = join(cache, "tables.duckdb");
  let opened: Promise<Opened> | undefined;
  let generation = 0;

  async function open(): Promise<Opened> {
    generation += 1;
    await removeLeftFiles(dirname(scratch));
    await mkdir(scratch, { recursive: true });
    for (let number = 1; ; number += 1) {
      // DuckDB lets one process have a file: another Sheaf on the same workspace has a cache of its own.
      file = join(cache, number === 1 ? "tables.duckdb" : `tables-${number}.duckdb`);
      try {
        return await openOrBegin(file, scratch);
      } catch (error) {
        if (!isLocked(error) || number === mostProcesses) throw error;
      }
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

/** Opens a file; one that is damaged, or was written with another layout, is begun anew: it is a cache. */
async function openOrBegin(file: string, scratch: string): Promise<Opened> {
  try {
    const opened = await openFile(file, scratch);
    if (await hasLayout(opened.session)) return opened;
    opened.close();
  } catch (error) {
    if (isLocked(error)) throw error;
  }
  await removeFile(file);
  const opened = await openFile(file, scratch);
  await hasLayout(opened.session);
  return opened;
}

/** Raised when a table in the file comes to have other columns, or they come to mean something else. */
const layout = 1;

/** How many processes may have a cache of one workspace at the same time. */
const mostProcesses = 16;

/** Whether the file is empty, which marks it as of this layout, or was written with it. */
async function hasLayout(session: Session): Promise<boolean> {
  const { columns } = await session.queryColumns("select table_name from duckdb_tables()");
  const names = columns[0];
  if (names!.length === 0) {
    await session.execute(`create table sheaf_layout as select ${layout} as version`);
    return true;
  }
  if (!names!.includes("sheaf_layout")) return false;
  const versions = await session.queryColumns("select version from sheaf_layout");
  return versions.columns[0]![0] === layout;
}

async function openFile(file: string, scratch: string): Promise<Opened> {
  const instance = await DuckDBInstance.create(file, { threads: "1", memory_limit: "1GB" });
  const connection = await instance.connect();
  const session = openSession(connection);
  await session.execute(`
    SET GLOBAL temp_directory = ${literal(scratch)};
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
