import { fork, type ChildProcess } from "node:child_process";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { ChildMessage, ParentMessage } from "./protocol.ts";

export interface ChildOptions {
  /** What it is called in messages: `tables`, `query`, `sandbox`, `models`. */
  readonly name: string;
  /** The module that calls `serveChild`. */
  readonly module: URL;
  readonly arguments?: readonly string[];
  readonly environment?: { readonly [name: string]: string };
  readonly execArgv?: readonly string[];
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Called with each part the method sends before it returns. */
  readonly onPart?: (part: unknown) => void;
  /** Milliseconds after which the child is killed and the call fails with `child.deadline`. */
  readonly deadline?: number;
}

/**
 * A child process that answers calls. It starts at the first call, is started again after it died, and dies with this
 * process. A call in flight at its death fails with `child.died`: an error value in the cells that were on it.
 */
export interface Child {
  call<Answer>(method: string, argument: unknown, options?: CallOptions): Promise<Answer>;
  /** Ends the process at once and fails what is in flight; a later call starts it again. */
  kill(): void;
  /** Ends it for good. */
  close(): Promise<void>;
  readonly pid: number | undefined;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: unknown): void;
  onPart?: (part: unknown) => void;
}

export function createChild(options: ChildOptions): Child {
  let running: ChildProcess | undefined;
  let closed = false;
  let nextId = 1;
  const pending = new Map<number, Pending>();

  function start(): ChildProcess {
    const child = fork(options.module, options.arguments ?? [], {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env: { ...options.environment },
      execArgv: [...(options.execArgv ?? [])],
      execPath: process.execPath,
    });
    child.on("message", (message: ChildMessage) => receive(message));
    child.on("error", () => {});
    child.on("exit", (code, signal) => {
      if (running === child) running = undefined;
      failAll(
        new SheafError(
          "child.died",
          `the ${options.name} process ended (${signal ?? `exit ${code}`}) while it was working`,
          { cure: "Run the cell again; if it happens again, what it computes is too big or breaks the process." },
        ),
      );
    });
    return child;
  }

  function failAll(error: SheafError): void {
    for (const [id, call] of pending) {
      pending.delete(id);
      call.reject(error);
    }
  }

  function receive(message: ChildMessage): void {
    const call = pending.get(message.id);
    if (call === undefined) return;
    if (message.type === "part") return call.onPart?.(message.part);
    pending.delete(message.id);
    if (message.type === "result") call.resolve(message.value);
    else call.reject(new SheafError(message.error.code, message.error.message, message.error));
  }

  function send(message: ParentMessage): void {
    running ??= start();
    running.send(message);
  }

  return {
    call<Answer>(method: string, argument: unknown, { signal, onPart, deadline }: CallOptions = {}): Promise<Answer> {
      if (closed) return Promise.reject(new SheafError("child.closed", `the ${options.name} process has been closed`));
      if (signal?.aborted) return Promise.reject(signal.reason);
      const id = nextId++;
      return new Promise<Answer>((resolve, reject) => {
        const onAbort = (): void => {
          send({ type: "cancel", id });
          pending.delete(id);
          settle(() => reject(signal!.reason));
        };
        const timer =
          deadline === undefined
            ? undefined
            : setTimeout(() => {
                pending.delete(id);
                settle(() =>
                  reject(
                    new SheafError("child.deadline", `the ${options.name} process was stopped after ${deadline} ms`),
                  ),
                );
                running?.kill("SIGKILL");
              }, deadline);
        function settle(answer: () => void): void {
          clearTimeout(timer);
          signal?.removeEventListener("abort", onAbort);
          answer();
        }
        signal?.addEventListener("abort", onAbort, { once: true });
        pending.set(id, {
          resolve: (value) => settle(() => resolve(value as Answer)),
          reject: (error) => settle(() => reject(error)),
          ...(onPart === undefined ? {} : { onPart }),
        });
        send({ type: "call", id, method, argument });
      });
    },
    kill() {
      running?.kill("SIGKILL");
    },
    async close() {
      closed = true;
      const child = running;
      if (child === undefined) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
    },
    get pid() {
      return running?.pid;
    },
  };
}
