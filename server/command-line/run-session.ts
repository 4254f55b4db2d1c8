import { addressText } from "#server/notebook/address.ts";
import type { Diagnostic } from "#server/notebook/notebook.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import { exactAmount } from "#server/notebook/amount-text.ts";
import { planRun, type Plan } from "#server/notebook/plan.ts";
import { missingInputs } from "#server/runner/input-value.ts";
import type { Session } from "#server/runner/session.ts";
import type { Estimate } from "#server/runner/estimate.ts";
import { confirmAbove } from "#server/runner/confirm-run.ts";
import type { RunOptions, RunReport } from "#server/runner/start-run.ts";
import { collectBatches } from "./collect-batches.ts";
import { agreeToLicences } from "./agree.ts";
import { missingInputsText } from "./missing-inputs-text.ts";
import type { OpenedSession } from "./session-options.ts";
import { errorText } from "./show-error.ts";
import { showRun } from "./show-run.ts";
import type { Terminal } from "./terminal.ts";

/** What a command's run came to. */
export interface CommandReport extends RunReport {
  /** The addresses outside sheets that have a result of this run. */
  readonly computed: ReadonlySet<string>;
}

/** Runs what a command opened, telling how it goes on; the first Ctrl-C stops it with what is finished kept. */
export async function runSession(opened: OpenedSession, terminal: Terminal): Promise<CommandReport> {
  const { session, file, command, scope, rows, budget, yes, batch } = opened;
  for (const { severity, ...error } of session.diagnostics)
    if (error.code !== "input.missing")
      terminal.error(`${severity === "warning" ? "warning: " : ""}${errorText(error, file)}`);
  const missing = missingInputs(session.state, wantedNodes(opened));
  if (missing.length > 0) terminal.error(missingInputsText(missing, command, file));
  await agreeToLicences(opened, terminal);
  const computed = new Set<string>();
  const show = showRun(terminal, file, session);
  const options: RunOptions = {
    onEvent(event) {
      if (event.type === "result") computed.add(addressText(event.address));
      show(event);
    },
    ...(budget === undefined ? {} : { budget }),
    confirm: async (estimate) => {
      const bounded = budget !== undefined && estimate.known.unpriced.length === 0;
      if (yes || bounded || (await terminal.ask("Go on?"))) return true;
      terminal.error(`Not run: ${whyAsked(estimate)}.\n  Add --yes to agree to it${bounds(estimate)}.\n`);
      return false;
    },
  };
  const collected = batch && (await collectBatches(opened, options, terminal));
  const run = session.run(scope, {
    ...options,
    // A command that is given until its batches have answered must not pay for each error that they answer with again and again.
    retryErrors: batch ? !collected && "without-answer" : true,
    tellCalls: true,
    batch,
    ...(rows === undefined ? {} : { everySheet: rows }),
  });
  const release = terminal.onStop(run.cancel);
  try {
    return { ...(await run.done), computed };
  } finally {
    release();
  }
}

/** What the run needs. */
export function nodesOf(opened: OpenedSession): readonly Node[] {
  const { graph } = opened.session.state;
  return planOf(opened).steps.map(({ node }) => graph.nodes.get(node)!);
}

/** What the run would need if nothing were wrong with it. */
function wantedNodes(opened: OpenedSession): readonly Node[] {
  const { steps, blocked } = planOf(opened);
  return [...steps.map(({ node }) => node), ...blocked].map((id) => opened.session.state.graph.nodes.get(id)!);
}

/** What of the run has a mistake in the notebook, and so cannot be computed. */
export function blockedNodes(opened: OpenedSession): readonly Node[] {
  return planOf(opened).blocked.map((id) => opened.session.state.graph.nodes.get(id)!);
}

function planOf({ session, scope }: OpenedSession): Plan {
  return planRun(session.state.graph, scope, { effect: () => "pure" });
}

/** Why somebody is asked, by what weighs more. */
function whyAsked({ known }: Estimate): string {
  return known.cost.high > confirmAbove
    ? `that may cost more than ${exactAmount(confirmAbove)}`
    : `what ${known.unpriced.join(", ")} costs is not known`;
}

/** A budget bounds only what has a price. */
function bounds({ known }: Estimate): string {
  return known.unpriced.length > 0 ? "" : ", or --budget USD to bound it";
}

/** What is wrong with the notebook as a whole, and keeps none of its cells from being computed. */
export function notebookErrors({ diagnostics }: Session): readonly Diagnostic[] {
  return diagnostics.filter(
    ({ severity, cell, code }) => severity === "error" && (cell === undefined || code === "notebook.reserved-name"),
  );
}
