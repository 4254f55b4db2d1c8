import type { Runtime } from "#server/runner/runtime.ts";
import type { Session } from "#server/runner/session.ts";
import { chosenColumns } from "./chosen-columns.ts";
import { baselineBeside, comparedJson, showCompared } from "./compared-baseline.ts";
import { cancelBatches } from "./cancel-batches.ts";
import type { Command } from "./command.ts";
import { cutOffText } from "./cut-off-text.ts";
import { estimateBesideTruth } from "./estimate-text.ts";
import { hasFailed } from "./has-failed.ts";
import { plainCells } from "./results-json.ts";
import { toJson } from "#server/notebook/to-json.ts";
import { outputNames, resultsText } from "./results-text.ts";
import { notebookErrors, runSession } from "./run-session.ts";
import { openForCommand, sessionHelp, type OpenedSession } from "./session-options.ts";
import { sheetErrors } from "./sheet-errors.ts";
import { summarizeSheet } from "./sheet-summary.ts";

const usage =
  "sheaf run FILE [--set name=value] [--cell NAME] [--rows N] [--json] [--workspace DIR] [--budget USD] [--yes] [--batch] [--cancel-batch] [--agree] [--baseline]";

/** Runs a notebook and shows its results. Exit code 0 where everything asked for was computed, 1 where a cell failed or waits, 2 where it could not run. */
export const run: Command = {
  name: "run",
  usage,
  help: `Runs a notebook and prints its results: outputs first, then the other cells. What is current is not run again.

${sessionHelp}
  --baseline        tell how results stand to NAME.baseline.jsonl beside the notebook; the exit code stays as it is

Exit code 0: everything asked for was computed; 1: a cell failed, is blocked or waits; 2: the notebook could not run, or you
said no to its cost; 130: stopped by Ctrl-C.`,
  async run(words, terminal) {
    const opened = await openForCommand(words, usage, terminal);
    const { session, runtime } = opened;
    try {
      if (opened.cancelBatch) {
        await cancelBatches(opened, terminal);
        return 0;
      }
      const baseline = opened.baseline ? await baselineBeside(opened, terminal) : null;
      const report = await runSession(opened, terminal);
      // How sheets stand that the run did not go over is not known before they are opened.
      if (opened.cell !== undefined && opened.json) await session.refresh();
      const cells = await plainCells(session, runtime);
      const outputs = Object.fromEntries(outputNames(session).map((name) => [name, cells[name]?.value ?? null]));
      const { cost, unpriced, made, cached } = report.money;
      const stood =
        baseline === null || report.outcome === "cancelled" ? null : await showCompared(baseline, opened, terminal);
      if (opened.json)
        terminal.data(
          `${toJson({
            outputs,
            cells,
            cost: unpriced > 0 ? null : cost,
            // What is known of it, beside how many calls it leaves out.
            ...(unpriced > 0 ? { knownCost: cost, unpriced } : {}),
            calls: { made, cached },
            ...(stood === null ? {} : { baseline: comparedJson(stood) }),
          })}\n`,
        );
      else {
        terminal.out(
          resultsText({
            session,
            cells,
            summaries: await ofSheets(opened, summarizeSheet),
            errors: await ofSheets(opened, sheetErrors),
            chosen: await ofSheets(opened, chosenColumns),
            file: opened.file,
            width: terminal.width,
            cell: opened.cell,
          }),
        );
      }
      const compared =
        report.estimate === null || report.money.made === 0
          ? ""
          : estimateBesideTruth(report.estimate, report.money, report.outcome);
      if (!opened.json && compared !== "") terminal.error(`${compared}\n`);
      terminal.error(cutOffText(cells));
      if (report.outcome === "budget")
        terminal.error(`The run stopped at a budget; what was paid for is kept.${raise(opened)}\n`);
      if (report.outcome === "cancelled") return Number(process.exitCode ?? 2);
      return notebookErrors(session).length > 0 || (await hasFailed(opened, cells, report)) ? 1 : 0;
    } finally {
      await runtime.close();
    }
  },
};

/** What to do about the budget of the run itself; of others what waits says it. */
function raise({ budget }: OpenedSession): string {
  return budget === undefined ? "" : " Raise --budget to go on.";
}

/** What is asked of each sheet, by its name. */
async function ofSheets<Found>(
  { session, runtime }: OpenedSession,
  ask: (sheet: string, session: Session, runtime: Runtime) => Promise<Found>,
): Promise<{ readonly [sheet: string]: Found }> {
  const found: { [sheet: string]: Found } = {};
  for (const id of session.state.graph.sheets.keys()) found[id] = await ask(id, session, runtime);
  return found;
}
