import { mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
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

export async function openQueryVectors(path: string): Promise<QueryVectors> {
  mkdirSync(dirname(path), { recursive: true });
  let database: DatabaseSync;
  try {
    database = open(path);
  } catch {
    // A damaged cache is thrown away: everything in it can be computed again.
    for (const end of ["", "-wal", "-shm"]) await rm(path + end, { force: true });
    database = open(path);
  }
  const find = database.prepare("select vector from vectors where key = ?");
  const keep = database.prepare("insert or ignore into vectors (key, vector) values (?, ?)");
  const forget = database.prepare("delete from vectors where number <= (select max(number) from vectors) - ?");
  return {
    async embed(identity, texts, embed, signal) {
      const keys = new Map(texts.map((text) => [text, hashOf({ identity, text })]));
      const known = new Map([...keys].flatMap(([text, key]) => found(find, key, text)));
      const missing = [...keys.keys()].filter((text) => !known.has(text));
      for (let from = 0; from < missing.length; from += textsAtOnce) {
        const texts = missing.slice(from, from + textsAtOnce);
        const vectors = await embed(texts, signal);
        database.exec("begin immediate");
        texts.forEach((text, index) => {
          const vector = vectors[index]!;
          known.set(text, vector);
          keep.run(keys.get(text)!, new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength));
        });
        forget.run(most);
        database.exec("commit");
      }
      return texts.map((text) => known.get(text)!);
    },
    missing: (identity, texts) =>
      [...new Set(texts)].filter((text) => find.get(hashOf({ identity, text })) === undefined),
    close: () => database.close(),
  };
}

function open(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 5_000 });
  try {
    database.exec(`
      pragma journal_mode = wal;
      pragma synchronous = off;
      create table if not exists vectors (number integer primary key, key text not null unique, vector blob not null) strict;
    `);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

function found(find: StatementSync, key: string, text: string): [string, Float32Array][] {
  const row = find.get(key);
  if (row === undefined) return [];
  const bytes = row["vector"] as Uint8Array;
  // A copy, since a blob's bytes need not begin where numbers may.
  return [[text, new Float32Array(bytes.slice().buffer)]];
}
