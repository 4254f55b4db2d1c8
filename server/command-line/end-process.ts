import { endAllChildren } from "#server/process/live-children.ts";

/** Ends this process with its children once what was written has gone out. */
export function endProcess(code: number): void {
  endAllChildren();
  process.stdout.write("", () => process.exit(code));
}

/** Milliseconds that work has to stop after a signal. */
const patience = 1500;

/**
 * Has the first SIGINT or SIGTERM stop the work (so that what is finished is kept), and ends the process after a second and a half,
 * or at the next signal, whatever is still going on. What it gives takes it back: from then on a signal ends the process at once.
 */
export function endOnSignal(stop: () => void): () => void {
  let stopping = false;
  const end = (code: number): void => {
    endAllChildren();
    process.exit(code);
  };
  const handlers = (
    [
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const
  ).map(([signal, code]) => {
    const onSignal = (): void => {
      if (stopping) return end(code);
      stopping = true;
      process.exitCode = code;
      setTimeout(() => end(code), patience).unref();
      stop();
    };
    process.on(signal, onSignal);
    return { signal, onSignal };
  });
  return () => {
    for (const { signal, onSignal } of handlers) process.off(signal, onSignal);
  };
}
