import { mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { hashOf } from "#server/notebook/hash.ts";

type Embed = (texts: readonly string[], signal?: AbortSignal) => Promise<readonly Float32Array[]>;

/** How many vectors are kept; the oldest go first. */
const most = 100_000;

/** So many are kept at once, so that what was paid for is there where what follows fails. */
const textsAtOnce = 256;

/** Vectors of queries in a file that may be deleted, so that a query is embedded once however often it is asked. */
export interface QueryVectors {
  embed(
    identity: { readonly [part: string]: string },
    texts: readonly string[],
    embed: Embed,
    signal?: AbortSignal,
  ): Promise<readonly Float32Array[]>;
  /** Those of the texts that have no vector yet, each once. */
  missing(identity: { readonly [part: string]: string }, texts: readonly string[]): readonly string[];
  close(): void;
}

/**
 * The vectors in the file `path`, which is opened when first needed. They are cache: a file that is damaged is thrown away and begun anew,
 * at opening and at any later call.
 */
export function openQueryVectors(path: string): QueryVectors {
  let opened: Opened | undefined;
  let closed = false;

  function current(): Opened {
    if (closed) throw new Error("the vectors of queries have been closed");
    return (opened ??= openOrBegin(path));
  }

  function attempt<Answer>(work: (opened: Opened) => Answer): Answer {
    try {
      return work(current());
    } catch (error) {
      if (!isDamage(error)) throw error;
      opened?.database.close();
      opened = undefined;
      remove(path);
      return work(current());
    }
  }

  /** What cannot be kept (on a full disk, say) is there all the same, and embedded again another time. */
  function keep(vectors: ReadonlyMap<string, Float32Array>): void {
    try {
      attempt((opened) => write(opened, vectors));
    } catch (error) {
      if (!isOfFile(error)) throw error;
    }
  }

  return {
    async embed(identity, texts, embed, signal) {
      const keys = new Map(texts.map((text) => [text, hashOf({ identity, text })]));
      const known = attempt(({ find }) => new Map([...keys].flatMap(([text, key]) => found(find, key, text))));
      const missing = [...keys.keys()].filter((text) => !known.has(text));
      for (let from = 0; from < missing.length; from += textsAtOnce) {
        const texts = missing.slice(from, from + textsAtOnce);
        const vectors = await embed(texts, signal);
        texts.forEach((text, index) => known.set(text, vectors[index]!));
        keep(new Map(texts.map((text) => [keys.get(text)!, known.get(text)!])));
      }
      return texts.map((text) => known.get(text)!);
    },
    missing: (identity, texts) =>
      attempt(({ find }) => [...new Set(texts)].filter((text) => find.get(hashOf({ identity, text })) === undefined)),
    close() {
      closed = true;
      opened?.database.close();
      opened = undefined;
    },
  };
}

interface Opened {
  readonly database: DatabaseSync;
  readonly find: StatementSync;
  readonly insert: StatementSync;
  readonly forget: StatementSync;
}

function openOrBegin(path: string): Opened {
  mkdirSync(dirname(path), { recursive: true });
  try {
    return open(path);
  } catch {
    // A damaged cache is thrown away: everything in it can be computed again.
    remove(path);
    return open(path);
  }
}

function open(path: string): Opened {
  const database = new DatabaseSync(path, { timeout: 5_000 });
  try {
    database.exec(`
      pragma journal_mode = wal;
      pragma synchronous = off;
      create table if not exists vectors (number integer primary key, key text not null unique, vector blob not null) strict;
    `);
    return {
      database,
      find: database.prepare("select vector from vectors where key = ?"),
      insert: database.prepare("insert or ignore into vectors (key, vector) values (?, ?)"),
      forget: database.prepare("delete from vectors where number <= (select max(number) from vectors) - ?"),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

function remove(path: string): void {
  for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
}

function write({ database, insert, forget }: Opened, vectors: ReadonlyMap<string, Float32Array>): void {
  database.exec("begin immediate");
  try {
    for (const [key, { buffer, byteOffset, byteLength }] of vectors)
      insert.run(key, new Uint8Array(buffer, byteOffset, byteLength));
    forget.run(most);
    database.exec("commit");
  } catch (error) {
    // SQLite has ended the transaction itself where the disk was full or the file damaged.
    if (database.isTransaction) database.exec("rollback");
    throw error;
  }
}

function isOfFile(error: unknown): error is Error & { readonly errcode: number } {
  return error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR";
}

/** SQLITE_CORRUPT and SQLITE_NOTADB, in the low byte of the extended code. */
function isDamage(error: unknown): boolean {
  return isOfFile(error) && [11, 26].includes(error.errcode & 0xff);
}

function found(find: StatementSync, key: string, text: string): [string, Float32Array][] {
  const row = find.get(key);
  if (row === undefined) return [];
  const bytes = row["vector"] as Uint8Array;
  // A copy, since a blob's bytes need not begin where numbers may.
  return [[text, new Float32Array(bytes.slice().buffer)]];
}
