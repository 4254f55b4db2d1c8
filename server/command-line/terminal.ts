import { createInterface } from "node:readline/promises";

/** Where a command writes: results to `out`, everything else to `error`. */
export interface Terminal {
  readonly isInteractive: boolean;
  /** Columns of the terminal; `COLUMNS` of the environment, or 100, where it is none. */
  readonly width: number;
  out(text: string): void;
  error(text: string): void;
  /** Puts a line in the place of the last such line; on no terminal it does nothing. Empty text clears it. */
  status(text: string): void;
  /** Asks, and gives whether the answer was yes; no where nobody can be asked. */
  ask(question: string): Promise<boolean>;
}

/** The terminal of this process. */
export function nodeTerminal(): Terminal {
  const { stdout, stderr, stdin } = process;
  const isInteractive = stdin.isTTY === true && stderr.isTTY === true;
  let shown = false;
  const status = (text: string): void => {
    if (stderr.isTTY !== true || (text === "" && !shown)) return;
    stderr.write(`\r\x1b[2K${text.slice(0, (stderr.columns ?? 100) - 1)}`);
    shown = text !== "";
  };
  return {
    isInteractive,
    width: stdout.columns ?? (Number(process.env["COLUMNS"]) || 100),
    out: (text) => void stdout.write(text),
    error(text) {
      status("");
      stderr.write(text);
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
