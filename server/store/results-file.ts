import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Kysely } from "kysely";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { migrate } from "./migrate.ts";
import { createResultTexts, type ResultTexts } from "./result-texts.ts";
import { resultsMigrations, type ResultsSchema } from "./results-schema.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";
import type { RepositoryPlace } from "./store-messages.ts";

/**
 * The results outside sheets over `results.sqlite` in `folder`, in this thread. They are cache: a file that is damaged, or of a newer version,
 * is thrown away and begun anew, at opening and at any later call. Rejects as `openResults`.
 */
export async function openResultsFile({ folder, workspace }: RepositoryPlace): Promise<ResultTexts> {
  const file = join(folder, "results.sqlite");

  async function open(): Promise<ResultTexts> {
    const dialect = sqliteDialect({ file, synchronous: "normal", largeTransactions: true });
    const db = new Kysely<ResultsSchema>({ dialect });
    try {
      await migrate(db, "results", resultsMigrations);
    } catch (error) {
      await db.destroy();
      throw error;
    }
    return createResultTexts(db, workspace);
  }

  async function openAnew(): Promise<ResultTexts> {
    for (const suffix of ["", "-wal", "-shm"]) await rm(file + suffix, { force: true });
    return open();
  }

  async function replace(damaged: Promise<ResultTexts>): Promise<ResultTexts> {
    await (await damaged).close();
    return openAnew();
  }

  let current = open().catch((error: unknown) => (isUseless(error) ? openAnew() : Promise.reject(error)));
  await current;

  async function attempt<Answer>(work: (texts: ResultTexts) => Promise<Answer>): Promise<Answer> {
    const used = current;
    try {
      return await work(await used);
    } catch (error) {
      // Of several calls that meet the damage together, the first begins anew; it has closed the file under the others.
      if (used === current) {
        if (!isUseless(error)) throw error;
        current = replace(used);
      }
      return work(await current);
    }
  }

  return {
    all: (notebook) => attempt((texts) => texts.all(notebook)),
    put: (notebook, addresses, texts) => attempt((kept) => kept.put(notebook, addresses, texts)),
    move: (notebook, to) => attempt((kept) => kept.move(notebook, to)),
    close: async () => (await current).close(),
  };
}

function isUseless(error: unknown): boolean {
  return error instanceof SheafError && (error.code === "store.corrupt" || error.code === "store.newer");
}
