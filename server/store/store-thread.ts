import { Worker } from "node:worker_threads";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type {
  RepositoryName,
  RepositoryPlace,
  StoreAnswerMessage,
  StoreCall,
  StoreCallMessage,
} from "./store-messages.ts";

/** A thread in which repositories live. */
export interface StoreThread {
  open(name: RepositoryName, place: RepositoryPlace): Promise<RemoteRepository>;
}

/** A repository in another thread. */
export interface RemoteRepository {
  /** Its methods, or those of one of its parts, with how their calls travel. They reject with `NAME.closed` once it is closed. */
  methods<Methods>(travel: { readonly [Name in keyof Methods]: Travel }, part?: string): Methods;
  /** Does all that has been called, and takes no more. */
  close(): Promise<void>;
}

/**
 * How a call goes to the thread: `together` with what else is called in this turn, which is best for many small ones; or `at once`,
 * so that a large one is worked on while this turn goes on.
 */
export type Travel = "together" | "at once";

interface PendingCall {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

let running: StoreThread | undefined;

/**
 * The thread for the repositories of this process. It is started when it is first asked for and rests between them, since what it loads
 * takes longer than a workspace to open; after one that has died another is started.
 */
export function storeThread(): StoreThread {
  return (running ??= startStoreThread(() => (running = undefined)));
}

function startStoreThread(onEnd: () => void): StoreThread {
  const worker = new Worker(new URL("./store-worker.ts", import.meta.url), { name: "stores", execArgv: [] });
  const pending = new Map<number, PendingCall>();
  let outbox: StoreCallMessage[] = [];
  let lastNumber = 0;
  let lastRepository = 0;
  let ended: SheafError | undefined;

  function fail(error: SheafError): void {
    if (ended === undefined) onEnd();
    ended ??= error;
    for (const call of pending.values()) call.reject(ended);
    pending.clear();
  }

  function settle(number: number, outcome: (call: PendingCall) => void): void {
    const call = pending.get(number);
    pending.delete(number);
    // Stores at rest do not keep their process alive; a write under way does.
    if (pending.size === 0) worker.unref();
    if (call !== undefined) outcome(call);
  }

  worker.on("message", (answers: readonly StoreAnswerMessage[]) => {
    for (const answer of answers)
      settle(answer.number, ({ resolve, reject }) =>
        "error" in answer
          ? reject(new SheafError(answer.error.code, answer.error.message, answer.error))
          : resolve(answer.value),
      );
  });
  worker.on("error", (cause) =>
    fail(new SheafError("store.died", `the stores' thread ended: ${String(cause)}`, { cause })),
  );
  worker.on("exit", () => fail(new SheafError("store.died", "the stores' thread has ended")));

  function post(messages: readonly StoreCallMessage[]): void {
    try {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      worker.postMessage(messages);
    } catch (error) {
      // Something in it is no plain data: that call fails, the others go on.
      if (messages.length > 1) for (const message of messages) post([message]);
      else settle(messages[0]!.number, (call) => call.reject(error));
    }
  }

  function postAll(): void {
    const messages = outbox;
    outbox = [];
    if (messages.length > 0) post(messages);
  }

  function call(repository: number, call: StoreCall, travel: Travel): Promise<unknown> {
    if (ended !== undefined) return Promise.reject(ended);
    return new Promise((resolve, reject) => {
      const number = (lastNumber += 1);
      if (pending.size === 0) worker.ref();
      pending.set(number, { resolve, reject });
      outbox.push({ number, repository, call });
      if (travel === "at once") postAll();
      else if (outbox.length === 1) queueMicrotask(postAll);
    });
  }

  return {
    async open(name, place) {
      const repository = (lastRepository += 1);
      await call(repository, { type: "open", name, place }, "at once");
      let closing: Promise<unknown> | undefined;
      return {
        methods<Methods>(travel: { readonly [Name in keyof Methods]: Travel }, part?: string): Methods {
          const prefix = part === undefined ? "" : `${part}.`;
          const methods = Object.entries<Travel>(travel).map(([method, how]) => [
            method,
            (...parameters: readonly unknown[]) =>
              closing === undefined
                ? call(repository, { type: "do", method: prefix + method, with: parameters }, how)
                : Promise.reject(new SheafError(`${name}.closed`, `the ${name} has been closed`)),
          ]);
          return Object.fromEntries(methods) as Methods;
        },
        async close() {
          await (closing ??= call(repository, { type: "close" }, "at once"));
        },
      };
    },
  };
}
