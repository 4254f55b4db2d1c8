import { parentPort } from "node:worker_threads";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";
import { openJournalFile } from "./journal-file.ts";
import { openResultsFile } from "./results-file.ts";
import { openStateFile } from "./state-file.ts";
import type { RepositoryName, RepositoryPlace, StoreAnswerMessage, StoreCallMessage } from "./store-messages.ts";

// The thread of `storeThread`: it alone has the files, so that no commit or lookup ever holds up the event loop of its caller.

type Methods = { readonly [name: string]: unknown };
type Opened = Methods & { close(): Promise<void> };

const files: { readonly [Name in RepositoryName]: (place: RepositoryPlace) => Promise<Opened> } = {
  journal: async (place) => ({ ...(await openJournalFile(place)) }),
  results: async (place) => ({ ...(await openResultsFile(place)) }),
  state: async (place) => ({ ...(await openStateFile(place)) }),
};

const opened = new Map<number, Promise<Opened>>();
/** Calls under way, by repository: closing waits for them. */
const running = new Map<number, Set<Promise<unknown>>>();
let answers: StoreAnswerMessage[] = [];

function send(answer: StoreAnswerMessage): void {
  answers.push(answer);
  // All that one commit answers goes in one message.
  if (answers.length > 1) return;
  process.nextTick(() => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    parentPort!.postMessage(answers);
    answers = [];
  });
}

async function perform({ repository, call }: StoreCallMessage): Promise<unknown> {
  switch (call.type) {
    case "open": {
      running.set(repository, new Set());
      opened.set(repository, files[call.name](call.place));
      await opened.get(repository)!.catch((error: unknown) => {
        forget(repository);
        throw error;
      });
      return undefined;
    }
    case "do": {
      const methods = await opened.get(repository)!;
      return methodOf(methods, call.method)(...call.with);
    }
    case "close": {
      const methods = await opened.get(repository)!;
      await Promise.allSettled(running.get(repository)!);
      forget(repository);
      await methods.close();
    }
  }
}

function forget(repository: number): void {
  opened.delete(repository);
  running.delete(repository);
}

function methodOf(repository: Methods, name: string): (...parameters: readonly unknown[]) => unknown {
  let member: unknown = repository;
  for (const part of name.split(".")) member = (member as Methods)[part];
  if (typeof member !== "function") throw new SheafError("store.no-method", `the repository has no method ${name}`);
  return member as ReturnType<typeof methodOf>;
}

parentPort!.on("message", (messages: readonly StoreCallMessage[]) => {
  for (const message of messages) {
    const { number, repository, call } = message;
    const performed = perform(message).then(
      (value) => send({ number, value }),
      (thrown: unknown) => send({ number, error: toCellError(thrown) }),
    );
    if (call.type !== "do") continue;
    const others = running.get(repository)!;
    others.add(performed);
    void performed.then(() => others.delete(performed));
  }
});
