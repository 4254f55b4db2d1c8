import { join } from "node:path";
import { sql, Kysely } from "kysely";
import { createJournal } from "./create-journal.ts";
import type { Journal } from "./journal.ts";
import { createJournalBatches } from "./journal-batches.ts";
import { createJournalRepository } from "./journal-repository.ts";
import { journalMigrations, type JournalSchema } from "./journal-schema.ts";
import { migrate } from "./migrate.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";
import { sqliteBodies } from "./sqlite-bodies.ts";
import type { RepositoryPlace } from "./store-messages.ts";

/** The journal over `journal.sqlite` in `folder`, in this thread. Rejects as `openJournal`. */
export async function openJournalFile({ folder, workspace, synchronous = "full" }: RepositoryPlace): Promise<Journal> {
  const dialect = sqliteDialect({ file: join(folder, "journal.sqlite"), synchronous, foldsWhenIdle: true });
  const db = new Kysely<JournalSchema>({ dialect });
  try {
    await migrate(db, "journal", journalMigrations("sqlite"));
    // What is removed is overwritten and not just forgotten, also where a row was before it grew by its end.
    await sql`pragma secure_delete = on`.execute(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  const parts = { bodies: sqliteBodies(db, workspace), batches: createJournalBatches(db, workspace) };
  return createJournal(createJournalRepository(db, workspace), parts, () => db.destroy());
}
