import type { RunReport } from "#server/runner/start-run.ts";
import { agreeToLicences } from "./agree.ts";
import { endOnSignal } from "./end-process.ts";
import type { OpenedSession } from "./session-options.ts";
import { errorText } from "./show-error.ts";
import { estimateText, showRun } from "./show-run.ts";
import type { Terminal } from "./terminal.ts";

/** Runs what a command opened, telling how it goes on; the first Ctrl-C stops it with what is finished kept. */
export async function runSession(opened: OpenedSession, terminal: Terminal): Promise<RunReport> {
  const { session, runtime, file, scope, rows, budget, yes, agree } = opened;
  for (const { severity, ...error } of session.diagnostics)
    terminal.error(`${severity === "warning" ? "warning: " : ""}${errorText(error, file)}`);
  await agreeToLicences(session, runtime, agree, terminal);
  const run = session.run(scope, {
    retryErrors: true,
    onEvent: showRun(terminal),
    ...(rows === undefined ? {} : { everySheet: rows }),
    ...(budget === undefined ? {} : { budget }),
    confirm: async (estimate) => {
      if (yes) return true;
      const text = estimateText(estimate);
      if (await terminal.ask(`${text} Go on?`)) return true;
      terminal.error(`Not run: ${text}\n  Add --yes to agree to that, or --budget USD to bound it.\n`);
      return false;
    },
  });
  endOnSignal(run.cancel);
  return run.done;
}
