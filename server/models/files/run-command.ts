import { spawn } from "node:child_process";

/** How a program ended: `code` is null where it was stopped by a signal. */
export interface CommandResult {
  readonly code: number | null;
  readonly output: string;
}

export interface CommandOptions {
  readonly environment?: { readonly [name: string]: string };
  readonly signal?: AbortSignal;
  /** Milliseconds after which it is stopped. */
  readonly timeout: number;
}

/** Runs a program without a shell and waits for its end. Rejects where it cannot be started or was aborted. */
export type RunCommand = (
  command: string,
  commandArguments: readonly string[],
  options: CommandOptions,
) => Promise<CommandResult>;

/** Only the end of a program's output is kept: the reason of a failure stands there. */
const keptOutput = 8_000;

/** `RunCommand` for real. `output` is the end of both its streams. */
export const runCommand: RunCommand = (command, commandArguments, { environment, signal, timeout }) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, [...commandArguments], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...environment },
      killSignal: "SIGKILL",
      timeout,
      ...(signal === undefined ? {} : { signal }),
    });
    let output = "";
    const keep = (chunk: string): void => void (output = (output + chunk).slice(-keptOutput));
    child.stdout.setEncoding("utf8").on("data", keep);
    child.stderr.setEncoding("utf8").on("data", keep);
    child.on("error", (error) => reject(signal?.aborted === true ? signal.reason : error));
    child.on("close", (code) => (signal?.aborted === true ? reject(signal.reason) : resolve({ code, output })));
  });
