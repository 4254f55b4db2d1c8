import { afterAll, beforeAll, describe } from "vitest";
import { testDatabases } from "../../tests/helpers/databases.ts";
import { createJournalBatches } from "./journal-batches.ts";
import { createJournalBodies } from "./journal-bodies.ts";
import { createJournalRepository } from "./journal-repository.ts";
import { createStore } from "./create-store.ts";
import { describeEndpoints } from "./endpoints.conformance.ts";
import { describeStore } from "./store.conformance.ts";
import { createResultTexts } from "./result-texts.ts";
import { resultsOver } from "./results.ts";
import { describeResults } from "./results.conformance.ts";
import { resultsMigrations } from "./results-schema.ts";
import { stateMigrations } from "./state-schema.ts";
import { createJournal } from "./create-journal.ts";
import { describeJournal } from "./journal.conformance.ts";
import { journalMigrations, type JournalSchema } from "./journal-schema.ts";

// Every repository does the same over every database: one file, because Postgres takes seconds to start.
for (const database of testDatabases())
  describe(`over ${database.name}`, () => {
    beforeAll(() => database.start());
    afterAll(() => database.stop());

    describeJournal(async (workspace) => {
      const db = await database.open<JournalSchema>("journal", journalMigrations);
      const parts = { bodies: createJournalBodies(db, workspace), batches: createJournalBatches(db, workspace) };
      return createJournal(createJournalRepository(db, workspace), parts, () => db.destroy());
    });

    const openState = async (workspace: string) =>
      createStore(await database.open("state", stateMigrations), workspace);
    describeStore(openState);
    describeEndpoints(openState);

    describeResults(async (workspace) =>
      resultsOver(createResultTexts(await database.open("results", () => resultsMigrations), workspace)),
    );
  });
