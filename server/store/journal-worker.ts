import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { Kysely } from "kysely";
import { toCellError } from "#server/notebook/sheaf-error.ts";
import { createJournal } from "./create-journal.ts";
import type { Journal } from "./journal.ts";
import type { JournalAnswerMessage, JournalCallMessage, JournalWorkerData } from "./journal-messages.ts";
import { createJournalRepository } from "./journal-repository.ts";
import { journalMigrations, type JournalSchema } from "./journal-schema.ts";
import { migrate } from "./migrate.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";

// The thread of `openJournal`: it alone has the file, so that no commit or lookup ever holds up the event loop of its caller.

const { folder, workspace } = workerData as JournalWorkerData;
const opening = open();
// Told to every caller; until the first one calls, nobody listens.
opening.catch(() => {});
let answers: JournalAnswerMessage[] = [];

async function open(): Promise<Journal> {
  const db = new Kysely<JournalSchema>({
    dialect: sqliteDialect({ file: join(folder, "journal.sqlite"), synchronous: "full" }),
  });
  await migrate(db, "journal", journalMigrations("sqlite"));
  return createJournal(createJournalRepository(db, workspace), () => db.destroy());
}

function send(answer: JournalAnswerMessage): void {
  answers.push(answer);
  // All that one commit answers goes in one message.
  if (answers.length > 1) return;
  process.nextTick(() => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    parentPort!.postMessage(answers);
    answers = [];
  });
}

async function perform(journal: Journal, { call }: JournalCallMessage): Promise<unknown> {
  switch (call.method) {
    case "open":
      return undefined;
    case "begin":
      return journal.begin(call.intent);
    case "finish":
      return journal.finish(call.id, call.end);
    case "find":
      return journal.find(call.keys);
    case "list":
      return journal.list(call.filter);
    case "usageSince":
      return journal.usageSince(call.time);
    case "close":
      return journal.close();
  }
}

parentPort!.on("message", (messages: readonly JournalCallMessage[]) => {
  for (const message of messages)
    opening
      .then((journal) => perform(journal, message))
      .then(
        (value) => send({ number: message.number, value }),
        (thrown: unknown) => send({ number: message.number, error: toCellError(thrown) }),
      );
});
