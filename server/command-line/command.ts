import type { Terminal } from "./terminal.ts";

/** A command of the command line. Adding one is one file and one line in `server/main.ts`. */
export interface Command {
  readonly name: string;
  /** One or more lines for the list of commands. */
  readonly usage: string;
  /** What it does and what its options mean, in lines, for `--help`. */
  readonly help: string;
  /** Gives the exit code. */
  run(words: readonly string[], terminal: Terminal): Promise<number>;
}
