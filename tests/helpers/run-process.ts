import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { canListProcesses, descendantsOf, waitUntilGone, type SeenProcess } from "./process-tree.ts";

export interface ProcessOptions {
  /** What runs the script: this process's Node by default. */
  readonly command?: string;
  readonly arguments?: readonly string[];
  /** Its whole environment; `PATH` and `HOME` of this process by default. */
  readonly environment?: { readonly [name: string]: string | undefined };
  readonly folder?: string;
  /** Milliseconds after which it is killed, so that no test leaves one behind; 60,000 by default. */
  readonly deadline?: number;
}

export interface ProcessEnd {
  /** The exit code; null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A real process under test. `await using` kills it with all its descendants at the end of the block. */
export interface TestProcess extends AsyncDisposable {
  readonly pid: number;
  /** Resolves when it has ended and all of its output is read. */
  readonly ended: Promise<ProcessEnd>;
  /** What it has written so far. */
  output(): { readonly stdout: string; readonly stderr: string };
  write(text: string): void;
  /** The first match in what it has written or writes to `stream` (stdout by default); rejects with its output where it ends without. */
  waitFor(pattern: RegExp, stream?: "stdout" | "stderr"): Promise<RegExpExecArray>;
  /** Sends a signal to it alone. */
  kill(signal: NodeJS.Signals): void;
  /** Its descendants now. */
  descendants(): readonly SeenProcess[];
}

/** Runs a TypeScript or JavaScript module in a Node process of its own, with this process's Node; or a command's `script`, as npm's. */
export function runProcess(script: string | URL, options: ProcessOptions = {}): TestProcess {
  const path = typeof script === "string" ? script : fileURLToPath(script);
  const { PATH, HOME } = process.env;
  const child = spawn(options.command ?? process.execPath, [path, ...(options.arguments ?? [])], {
    cwd: options.folder,
    env: { ...(options.environment ?? { PATH, HOME }) },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const written = { stdout: "", stderr: "" };
  const watchers = new Set<() => void>();
  for (const stream of ["stdout", "stderr"] as const)
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      written[stream] += text;
      for (const watch of watchers) watch();
    });
  // A process that has ended no longer reads: that is for the test to see in its end, not here.
  child.stdin.on("error", () => {});

  let over = false;
  const ended = new Promise<ProcessEnd>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      over = true;
      clearTimeout(timer);
      resolve({ code, signal, ...written });
      for (const watch of watchers) watch();
    });
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), options.deadline ?? 60_000);
  const descendants = (): readonly SeenProcess[] =>
    child.pid === undefined || !canListProcesses ? [] : descendantsOf(child.pid);

  return {
    pid: child.pid!,
    ended,
    output: () => ({ ...written }),
    write: (text) => void child.stdin.write(text),
    waitFor(pattern, stream = "stdout") {
      const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
      const watch = (): void => {
        const match = pattern.exec(written[stream]);
        if (match !== null) resolve(match);
        else if (over) reject(new Error(`the process ended without ${pattern}:\n${written.stdout}\n${written.stderr}`));
      };
      watchers.add(watch);
      watch();
      return promise.finally(() => watchers.delete(watch));
    },
    kill: (signal) => void child.kill(signal),
    descendants,
    async [Symbol.asyncDispose]() {
      const family = descendants();
      child.kill("SIGKILL");
      for (const { pid } of await waitUntilGone(family, 500)) killQuietly(pid);
      await waitUntilGone(family, 5_000);
      await ended;
    },
  };
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // It ended by itself in between.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
