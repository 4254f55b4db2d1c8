import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import {
  CompiledQuery,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type SqliteDatabase,
  type SqliteStatement,
} from "kysely";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { storeError } from "./store-error.ts";
import type { Synchronous } from "./synchronous.ts";

export interface SqliteOptions {
  /** Path of the database file; it is made where there is none. */
  readonly file: string;
  readonly synchronous: Synchronous;
  /** Milliseconds to wait for another process's write; 30,000 by default. */
  readonly busyTimeout?: number;
  /**
   * Room for transactions of tens of megabytes: 32 MiB of pages in memory, so that they are written once, and the log folded into the
   * file at 40 MB instead of 4, so that not every one of them pays for it. False by default.
   */
  readonly largeTransactions?: boolean;
  /**
   * The log is folded into the file once nothing has been asked for a while, and otherwise at 16 MB instead of 4: where commits follow
   * one another all the time, fewer than one in a hundred waits for it. False by default.
   */
  readonly foldsWhenIdle?: boolean;
}

/** Milliseconds without a statement after which the log is folded. */
const idleAfter = 200;

/**
 * Kysely's SQLite dialect over `node:sqlite`, in WAL mode. It differs from Kysely's own in three things: a transaction takes
 * the write lock at its beginning, so that two connections wait for each other instead of failing halfway; they wait without
 * stopping the thread; and a migration is a transaction. Errors of the file come out as `SheafError`s (`storeError`).
 */
export function sqliteDialect(options: SqliteOptions): Dialect {
  return {
    createAdapter: () => new TransactionalSqliteAdapter(),
    createDriver: () => new PatientSqliteDriver(options),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class PatientSqliteDriver extends SqliteDriver {
  readonly #opened: { database?: Database };
  readonly #busyTimeout: number;

  constructor(options: SqliteOptions) {
    const opened: { database?: Database } = {};
    const { busyTimeout = 30_000 } = options;
    super({
      database: () => whileBusy(busyTimeout, async () => (opened.database = openDatabase(options))),
    });
    this.#opened = opened;
    this.#busyTimeout = busyTimeout;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection();
    return {
      executeQuery: (query) => whileBusy(this.#busyTimeout, () => connection.executeQuery(query)),
      streamQuery: (query, chunkSize) => connection.streamQuery(query, chunkSize),
    };
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // SQLite has ended the transaction itself where the disk was full or the file damaged; that error is the one to tell.
    if (this.#opened.database?.inTransaction) await super.rollbackTransaction(connection);
  }
}

/**
 * Tries again while another connection writes. SQLite's own waiting would stop this thread, and with it whoever holds the lock
 * where that is another connection of the same thread. A statement that found the file busy has done nothing.
 */
async function whileBusy<Result>(milliseconds: number, work: () => Promise<Result>): Promise<Result> {
  const deadline = performance.now() + milliseconds;
  for (let pause = 1; ; pause = Math.min(pause + 1, 10))
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof SheafError && error.code === "store.busy") || performance.now() > deadline) throw error;
      await delay(pause);
    }
}

interface Database extends SqliteDatabase {
  readonly inTransaction: boolean;
}

/** Compiling a statement costs more than running it; a list of keys has a statement for each length, so the oldest are let go. */
const keptStatements = 100;

function openDatabase({ file, synchronous, largeTransactions, foldsWhenIdle }: SqliteOptions): Database {
  const guarded = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (thrown) {
      throw storeError(thrown, file);
    }
  };
  const database = guarded(() => new DatabaseSync(file));
  try {
    guarded(() => {
      database.exec(`pragma journal_mode = wal; pragma synchronous = ${synchronous}`);
      if (largeTransactions) database.exec("pragma cache_size = -32768; pragma wal_autocheckpoint = 10000");
      if (foldsWhenIdle) database.exec("pragma wal_autocheckpoint = 4000");
    });
  } catch (error) {
    database.close();
    throw error;
  }
  const kept = new Map<string, SqliteStatement>();
  const idle = foldsWhenIdle ? setTimeout(fold, idleAfter).unref() : undefined;

  /** Waits for nobody: what others still read stays in the log. What fails here fails, and is told, at the commit that has to fold. */
  function fold(): void {
    try {
      if (!database.isTransaction) database.exec("pragma wal_checkpoint(passive)");
    } catch (thrown) {
      if (!(storeError(thrown, file) instanceof SheafError)) throw thrown;
    }
  }

  return {
    get inTransaction() {
      return database.isTransaction;
    },
    close() {
      clearTimeout(idle);
      kept.clear();
      database.close();
    },
    prepare(sql) {
      idle?.refresh();
      const known = kept.get(sql);
      if (known !== undefined) return known;
      const statement = guarded(() => shim(database.prepare(sql), guarded));
      kept.set(sql, statement);
      if (kept.size > keptStatements) kept.delete(kept.keys().next().value!);
      return statement;
    },
  };
}

function shim(statement: StatementSync, guarded: <Result>(work: () => Result) => Result): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => guarded(() => statement.all(...(parameters as SQLInputValue[]))),
    run: (parameters) => guarded(() => statement.run(...(parameters as SQLInputValue[]))),
    iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
  };
}
