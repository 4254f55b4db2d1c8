import { createInterface } from "node:readline/promises";
import type { Runtime } from "#server/runner/runtime.ts";
import { endOnSignal } from "./end-process.ts";
import { standingFolder } from "./workspace-folder.ts";

/** Where a command writes: results to `out`, everything else to `error`. */
export interface Terminal {
  readonly isInteractive: boolean;
  /** The folder the person stands in. */
  readonly folder: string;
  /** A workspace that is open already, by a server of it: commands work in it instead of opening their own. */
  readonly opened?: { readonly folder: string; readonly runtime: Runtime };
  /** Columns of the terminal; `COLUMNS` of the environment, or 100, where it is none. */
  readonly width: number;
  /** For people: what could move the cursor or spoof a line is shown as `�`. */
  out(text: string): void;
  /** For programs: written as it is. */
  data(text: string): void;
  error(text: string): void;
  /** Puts a line in the place of the last such line; on no terminal it does nothing. Empty text clears it. */
  status(text: string): void;
  /** Asks, and gives whether the answer was yes; no where nobody can be asked. */
  ask(question: string): Promise<boolean>;
  /** Has the first Ctrl-C, or whatever else ends the command, stop the work; what it gives takes it back. */
  onStop(stop: () => void): () => void;
}

/** Control characters but for the line end and the tab, and what turns the direction of writing: text from a model or a file may have any. */
const harmful = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text that can only be read. */
export function harmless(text: string): string {
  return text.replace(harmful, "�");
}

/** The terminal of this process. */
export function nodeTerminal(): Terminal {
  const { stdout, stderr, stdin } = process;
  const isInteractive = stdin.isTTY === true && stderr.isTTY === true;
  // A reader that has seen enough, `sheaf models | head`, is no fault.
  for (const stream of [stdout, stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
      throw error;
    });
  let shown = false;
  const status = (text: string): void => {
    if (stderr.isTTY !== true || (text === "" && !shown)) return;
    stderr.write(`\r\x1b[2K${harmless(text).slice(0, (stderr.columns ?? 100) - 1)}`);
    shown = text !== "";
  };
  return {
    isInteractive,
    folder: standingFolder(),
    onStop: endOnSignal,
    width: stdout.columns ?? (Number(process.env["COLUMNS"]) || 100),
    data: (text) => void stdout.write(text),
    out: (text) => void stdout.write(harmless(text)),
    error(text) {
      status("");
      stderr.write(harmless(text));
    },
    status,
    async ask(question) {
      if (!isInteractive) return false;
      status("");
      const reader = createInterface({ input: stdin, output: stderr });
      try {
        return /^y(es)?$/i.test((await reader.question(`${question} [y/N] `)).trim());
      } finally {
        reader.close();
      }
    },
  };
}
