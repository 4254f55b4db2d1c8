import { endAllChildren } from "#server/process/live-children.ts";

/** Ends this process with its children once what was written has gone out. */
export function endProcess(code: number): void {
  endAllChildren();
  process.stdout.write("", () => process.exit(code));
}

/** The least time between two Ctrl-C that means it. */
const patience = 1500;

/**
 * Has the first SIGINT or SIGTERM stop the work (so that what is finished is kept), and ends the process after a second and a half,
 * or at the next signal, whatever is still going on.
 */
export function endOnSignal(stop: () => void): void {
  let stopping = false;
  const end = (code: number): void => {
    endAllChildren();
    process.exit(code);
  };
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    process.on(signal, () => {
      if (stopping) return end(code);
      stopping = true;
      process.exitCode = code;
      setTimeout(() => end(code), patience).unref();
      stop();
    });
  }
}
