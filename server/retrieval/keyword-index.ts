import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setImmediate as pause } from "node:timers/promises";
import type { Hit } from "#server/notebook/services.ts";
import { indexText, matchQuery } from "./keyword-text.ts";
import type { RowText } from "./column-texts.ts";

/** Milliseconds of searching after which other work gets its turn. */
const slice = 10;

/** The words of one column of one table, in a file that can be built again. */
export interface KeywordIndex {
  /**
   * For each query the rows that share a word with it, best first, equal scores by row, at most `k`. The score is BM25 as SQLite
   * has it (k1 1.2, b 0.75), turned so that higher is better; it is comparable within one query only. With `within`, none but those
   * rows are found, with the scores they have among all.
   */
  search(queries: readonly string[], k: number, options?: KeywordSearchOptions): Promise<Hit[][]>;
  close(): void;
}

export interface KeywordSearchOptions {
  readonly within?: Uint32Array | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Opens the index in `file`; rejects where it is no complete index. */
export function openKeywordIndex(file: string): KeywordIndex {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    // Reads the last table the build writes: its absence means the build did not end.
    database.prepare("select complete from build").get();
  } catch (error) {
    database.close();
    throw error;
  }
  // A list of rows in the statement would have the words counted anew for each of them.
  let isAdmitted: (row: number) => boolean;
  database.function("admitted", (row) => Number(isAdmitted(row as number)));
  const [statement, restricted] = ["", "and admitted(rowid)"].map((condition) =>
    database.prepare(
      `select rowid as row, -bm25(texts) as score from texts where texts match ? ${condition} order by bm25(texts), rowid limit ?`,
    ),
  );
  return {
    async search(queries, k, { within, signal } = {}) {
      const results: Hit[][] = [];
      const search = within === undefined ? statement! : restricted!;
      const admitted = membership(within ?? new Uint32Array());
      let since = performance.now();
      for (const query of queries) {
        const match = matchQuery(query);
        isAdmitted = admitted;
        results.push(
          match === null ? [] : (search.all(match, k) as unknown as Hit[]).map(({ row, score }) => ({ row, score })),
        );
        if (performance.now() - since < slice) continue;
        await pause();
        signal?.throwIfAborted();
        since = performance.now();
      }
      return results;
    },
    close: () => database.close(),
  };
}

/** Whether a row is among some in ascending order: a bit for each up to the last. */
function membership(rows: Uint32Array): (row: number) => boolean {
  const bits = new Uint8Array(((rows.at(-1) ?? 0) >> 3) + 1);
  for (const row of rows) bits[row >> 3]! |= 1 << (row & 7);
  return (row) => ((bits[row >> 3] ?? 0) & (1 << (row & 7))) !== 0;
}

/** Builds the index of `pages` in `file`. */
export async function buildKeywordIndex(
  file: string,
  pages: AsyncIterable<readonly RowText[]>,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.part`;
  await rm(draft, { force: true });
  const database = new DatabaseSync(draft);
  try {
    // What can be built again needs no safety while it is built.
    database.exec(`
      pragma journal_mode = off;
      pragma synchronous = off;
      create virtual table texts using fts5(text, content = '', tokenize = "unicode61 remove_diacritics 2");
    `);
    const insert = database.prepare("insert into texts (rowid, text) values (?, ?)");
    for await (const page of pages) {
      signal.throwIfAborted();
      database.exec("begin");
      for (const { row, text } of page) insert.run(row, indexText(text));
      database.exec("commit");
      await pause();
    }
    database.exec("insert into texts (texts) values ('optimize'); create table build (complete integer) strict;");
    database.close();
    await rename(draft, file);
  } catch (error) {
    if (database.isOpen) database.close();
    await rm(draft, { force: true });
    throw error;
  }
}
