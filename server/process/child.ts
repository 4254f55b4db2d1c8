import { SheafError } from "#server/notebook/sheaf-error.ts";
import { openConnection, type ChildOptions, type Connection } from "./connection.ts";
import { registerChild } from "./live-children.ts";

export type { ChildOptions } from "./connection.ts";

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Called with each part the method sends before it returns. */
  readonly onPart?: (part: unknown) => void;
  /** Milliseconds, counted from when the child listens, after which it is killed and the call fails with `child.deadline`. */
  readonly deadline?: number;
}

/**
 * A child process that answers calls. It starts at the first call, is started again after it died, and dies with this
 * process. A call in flight at its death fails with `child.died`: an error value in the cells that were on it. While no
 * call is in flight it does not keep this process running.
 */
export interface Child {
  call<Answer>(method: string, argument: unknown, options?: CallOptions): Promise<Answer>;
  /** Ends the process at once and fails what is in flight; a later call starts it again. */
  kill(): void;
  /** Ends it for good; calls in flight and later ones fail with `child.died` and `child.closed`. */
  close(): Promise<void>;
  readonly pid: number | undefined;
}

/** How long a child with a deadline may take to start, in milliseconds, before the deadline counts all the same. */
const startAllowance = 10_000;

export function createChild(options: ChildOptions): Child {
  let connection: Connection | undefined;
  let closed = false;
  const unregister = registerChild(endForGood);

  function open(): Connection {
    const opened = openConnection(options);
    connection = opened;
    void opened.ended.then(() => {
      if (connection === opened) connection = undefined;
    });
    return opened;
  }

  /** The next call must not go to a process that is already dying. */
  function end(dying: Connection | undefined, reason: string): void {
    if (connection === dying) connection = undefined;
    dying?.kill(reason);
  }

  function endForGood(): void {
    closed = true;
    end(connection, "was closed");
  }

  return {
    async call<Answer>(method: string, argument: unknown, { signal, onPart, deadline }: CallOptions = {}) {
      if (closed) throw new SheafError("child.closed", `the ${options.name} process has been closed`);
      signal?.throwIfAborted();
      const current = connection ?? open();
      const answer = Promise.withResolvers<unknown>();
      // A listener that throws ends its own call, not the process that reads the messages.
      const listen = (part: unknown): void => {
        try {
          onPart?.(part);
        } catch (thrown) {
          cancel();
          answer.reject(thrown);
        }
      };
      const cancel = current.call(method, argument, { ...answer, onPart: listen });
      const onAbort = (): void => {
        cancel();
        answer.reject(signal!.reason);
      };
      const onDeadline = (): void => {
        cancel();
        answer.reject(
          new SheafError("child.deadline", `the ${options.name} process was stopped after ${deadline} ms`, {
            cure: "Compute less at once, or raise the time limit.",
          }),
        );
        end(current, "was stopped because another call ran past its deadline");
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      let timer: NodeJS.Timeout | undefined;
      let settled = false;
      if (deadline !== undefined) {
        timer = setTimeout(onDeadline, startAllowance + deadline);
        void current.ready.then(() => {
          clearTimeout(timer);
          if (!settled) timer = setTimeout(onDeadline, deadline);
        });
      }
      try {
        return (await answer.promise) as Answer;
      } finally {
        settled = true;
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
      }
    },
    kill() {
      end(connection, "was killed");
    },
    async close() {
      const current = connection;
      endForGood();
      unregister();
      await current?.ended;
    },
    get pid() {
      return connection?.pid;
    },
  };
}
