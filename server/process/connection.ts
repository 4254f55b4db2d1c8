import { fork, type ChildProcess } from "node:child_process";
import { Socket } from "node:net";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { parentVariable, type ChildMessage, type ParentMessage } from "./protocol.ts";
import { textTail } from "./text-tail.ts";

/** What a child process is started with. */
export interface ChildOptions {
  /** What it is called in messages: `tables`, `query`, `sandbox`, `models`. */
  readonly name: string;
  /** The module that calls `serveChild`. */
  readonly module: URL;
  readonly arguments?: readonly string[];
  /** The whole environment of the child: nothing of this process's own is passed on. */
  readonly environment?: { readonly [name: string]: string };
  readonly execArgv?: readonly string[];
}

/** Where the outcome of a call goes. */
export interface CallHandlers {
  resolve(value: unknown): void;
  reject(error: unknown): void;
  onPart(part: unknown): void;
}

/** One life of a child process, from its start to its end, with the calls that are on it. */
export interface Connection {
  readonly pid: number | undefined;
  /** Resolves when the child listens; never where it ended before. */
  readonly ready: Promise<void>;
  /** Resolves when the process is gone and all it sent has been read. */
  readonly ended: Promise<void>;
  /** Sends a call; the returned function forgets it and tells the child to stop. */
  call(method: string, argument: unknown, handlers: CallHandlers): () => void;
  /** Kills the process and fails its calls with `reason`. */
  kill(reason: string): void;
}

/** How much of a child's last words is kept, in bytes. */
const stderrLimit = 8192;

/** How long after a process's exit its pipes may still be read, in milliseconds: something it started could hold them open. */
const pipeGrace = 500;

/** Starts the process. A failure to start is the end of the connection, with the reason in its calls' errors. */
export function openConnection(options: ChildOptions): Connection {
  const subprocess = start(options);
  const lastWords = subprocess.stderr === null ? () => "" : textTail(subprocess.stderr, stderrLimit);
  const calls = new Map<number, CallHandlers>();
  const outbox: ParentMessage[] = [];
  const ready = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  let nextId = 1;
  let full = false;
  let over = false;

  subprocess.on("message", receive);
  subprocess.on("error", (error) => {
    if (subprocess.pid === undefined) end(`could not be started: ${error.message}`);
  });
  subprocess.on("exit", (code, signal) => {
    // The last messages and words may still be in the pipes.
    const finish = (): void => end(`ended (${signal ?? `exit ${code}`}) while it was working`);
    const timer = setTimeout(finish, pipeGrace);
    subprocess.once("close", () => {
      clearTimeout(timer);
      finish();
    });
  });
  keepAlive(false);

  function end(reason: string): void {
    if (!over) failAll(reason);
    over = true;
    ended.resolve();
  }

  function failAll(reason: string): void {
    const words = lastWords().replaceAll(/^( +at .*|Node\.js v.*)\n?/gm, "");
    const message = `the ${options.name} process ${reason}${words === "" ? "" : `; its last words: ${words.trim().slice(-600)}`}`;
    const failed = [...calls.values()];
    calls.clear();
    outbox.length = 0;
    const cure = "Run the cell again; if it happens again, what it computes is too big or breaks the process.";
    for (const call of failed) call.reject(new SheafError("child.died", message, { cure }));
  }

  function receive(message: ChildMessage): void {
    if (message.type === "ready") return ready.resolve();
    const call = calls.get(message.id);
    if (call === undefined) return;
    if (message.type === "part") return call.onPart(message.part);
    forget(message.id);
    if (message.type === "result") call.resolve(message.value);
    else call.reject(new SheafError(message.error.code, message.error.message, message.error));
  }

  function forget(id: number): void {
    calls.delete(id);
    if (calls.size === 0) keepAlive(false);
  }

  /** An idle child holds no process open that has nothing else to do. */
  function keepAlive(alive: boolean): void {
    const change = alive ? "ref" : "unref";
    subprocess[change]();
    subprocess.channel?.[change]();
    if (subprocess.stderr instanceof Socket) subprocess.stderr[change]();
  }

  /** Hands messages to the pipe while it takes them, so that a busy child's calls wait here unserialised. */
  function flush(): void {
    while (!full) {
      const message = outbox.shift();
      if (message === undefined) return;
      try {
        full = !subprocess.send(message, undefined, {}, () => {
          full = false;
          flush();
        });
      } catch (cause) {
        const call = calls.get(message.id);
        forget(message.id);
        const text = `this cannot be sent to the ${options.name} process: ${String(cause)}`;
        call?.reject(new SheafError("child.message", text, { cause }));
      }
    }
  }

  return {
    pid: subprocess.pid,
    ready: ready.promise,
    ended: ended.promise,
    call(method, argument, handlers) {
      const id = nextId++;
      calls.set(id, handlers);
      keepAlive(true);
      outbox.push({ type: "call", id, method, argument });
      flush();
      return () => {
        if (!calls.has(id)) return;
        forget(id);
        const waiting = outbox.findIndex((message) => message.id === id);
        if (waiting >= 0) outbox.splice(waiting, 1);
        else outbox.push({ type: "cancel", id });
        flush();
      };
    },
    kill(reason) {
      // Whoever waits for the end must live to see it.
      keepAlive(true);
      subprocess.kill("SIGKILL");
      if (!over) failAll(reason);
      over = true;
    },
  };
}

function start(options: ChildOptions): ChildProcess {
  return fork(options.module, options.arguments ?? [], {
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env: { ...options.environment, [parentVariable]: String(process.pid) },
    execArgv: [...(options.execArgv ?? [])],
    execPath: process.execPath,
  });
}
