import { Worker } from "node:worker_threads";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Journal, JournalAnswer } from "./journal.ts";
import type {
  JournalAnswerMessage,
  JournalCallMessage,
  JournalThreadCall,
  JournalWorkerData,
} from "./journal-messages.ts";

/** Keys looked up by one message: an answer of that size is read in a few milliseconds. */
const keysAtOnce = 500;

/**
 * Opens the journal of a workspace, `journal.sqlite` in `folder`, which must be there. A thread of its own reads and writes it. Other processes
 * may have the same journal open. Rejects with `store.unwritable`, `store.corrupt`, `store.full`, `store.busy` or `store.newer`.
 */
export async function openJournal(options: JournalWorkerData): Promise<Journal> {
  const thread = startThread(options);
  try {
    await thread.call({ method: "open" });
  } catch (error) {
    await thread.end();
    throw error;
  }
  return {
    begin: (intent) => thread.call<number>({ method: "begin", intent }),
    finish: (id, end) => thread.call<void>({ method: "finish", id, end }),
    async find(keys) {
      const found = new Map<string, JournalAnswer>();
      for (let from = 0; from < keys.length; from += keysAtOnce) {
        const some = keys.slice(from, from + keysAtOnce);
        const answers = await thread.call<ReadonlyMap<string, JournalAnswer>>({ method: "find", keys: some });
        for (const [key, answer] of answers) found.set(key, answer);
      }
      return found;
    },
    list: (filter) => thread.call({ method: "list", filter }),
    usageSince: (time) => thread.call({ method: "usageSince", time }),
    close: () => thread.close(),
  };
}

interface JournalThread {
  call<Answer>(call: JournalThreadCall): Promise<Answer>;
  /** Writes what has been called, takes no more, and ends the thread. */
  close(): Promise<void>;
  /** Ends the thread at once. */
  end(): Promise<void>;
}

interface PendingCall {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

function startThread(workerData: JournalWorkerData): JournalThread {
  const worker = new Worker(new URL("./journal-worker.ts", import.meta.url), {
    name: "journal",
    workerData,
    execArgv: [],
  });
  const pending = new Map<number, PendingCall>();
  let outbox: JournalCallMessage[] = [];
  let lastNumber = 0;
  const closed = new SheafError("journal.closed", "the journal has been closed");
  let ended: SheafError | undefined;

  function fail(error: SheafError): void {
    ended ??= error;
    for (const call of pending.values()) call.reject(error);
    pending.clear();
  }

  function post(messages: readonly JournalCallMessage[]): void {
    try {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      worker.postMessage(messages);
    } catch (error) {
      // Something in it is no plain data: that call fails, the others go on.
      if (messages.length > 1) for (const message of messages) post([message]);
      else settle(messages[0]!.number, (call) => call.reject(error));
    }
  }

  function settle(number: number, outcome: (call: PendingCall) => void): void {
    const call = pending.get(number);
    pending.delete(number);
    // A journal at rest does not keep its process alive; a write under way does.
    if (pending.size === 0) worker.unref();
    if (call !== undefined) outcome(call);
  }

  worker.on("message", (answers: readonly JournalAnswerMessage[]) => {
    for (const answer of answers)
      settle(answer.number, ({ resolve, reject }) =>
        "error" in answer
          ? reject(new SheafError(answer.error.code, answer.error.message, answer.error))
          : resolve(answer.value),
      );
  });
  worker.on("error", (cause) =>
    fail(new SheafError("journal.died", `the journal's thread ended: ${String(cause)}`, { cause })),
  );
  worker.on("exit", () => fail(closed));

  function call<Answer>(call: JournalThreadCall): Promise<Answer> {
    if (ended !== undefined) return Promise.reject(ended);
    return new Promise<Answer>((resolve, reject) => {
      const number = (lastNumber += 1);
      if (pending.size === 0) worker.ref();
      pending.set(number, { resolve: (value) => resolve(value as Answer), reject });
      outbox.push({ number, call });
      if (outbox.length > 1) return;
      // What is called together travels together.
      process.nextTick(() => {
        const messages = outbox;
        outbox = [];
        post(messages);
      });
    });
  }

  async function end(): Promise<void> {
    await worker.terminate();
  }

  async function finish(): Promise<void> {
    const written = call<void>({ method: "close" });
    ended = closed;
    await written;
    await end();
  }

  let closing: Promise<void> | undefined;
  return { call, close: () => (closing ??= finish()), end };
}
