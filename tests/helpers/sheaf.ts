import { fileURLToPath } from "node:url";
import { runProcess, type TestProcess } from "./run-process.ts";

const start = fileURLToPath(new URL("../../server/start.mjs", import.meta.url));

export interface SheafOptions {
  /** The folder it is run in, which is its workspace too. */
  readonly folder: string;
  readonly environment?: { readonly [name: string]: string };
  /** Milliseconds after which it is killed. */
  readonly deadline?: number;
}

/** The command line in a process of its own, as a person runs it, with nothing of this process's environment but what finds programs. */
export function sheaf(words: readonly string[], { folder, environment = {}, deadline }: SheafOptions): TestProcess {
  const { PATH, HOME } = process.env;
  return runProcess(start, {
    arguments: words,
    folder,
    environment: { PATH, HOME, COLUMNS: "100", ...environment },
    ...(deadline === undefined ? {} : { deadline }),
  });
}
