import { addressText, type Coordinates } from "#server/notebook/address.ts";
import { isSettled } from "#server/notebook/freshness.ts";
import type { TestLine } from "#server/notebook/value.ts";
import { baselineBeside, comparedJson, showCompared } from "./compared-baseline.ts";
import { cancelBatches } from "./cancel-batches.ts";
import type { Command } from "./command.ts";
import { cutOffText } from "./cut-off-text.ts";
import { plainCells, type PlainCell, type PlainVariant } from "./results-json.ts";
import { toJson } from "#server/notebook/to-json.ts";
import { labelText, testText } from "./results-text.ts";
import { notebookErrors, runSession } from "./run-session.ts";
import { openForCommand, sessionHelp } from "./session-options.ts";

const usage =
  "sheaf test FILE [--set name=value] [--cell NAME] [--rows N] [--json] [--workspace DIR] [--budget USD] [--yes] [--batch] [--cancel-batch] [--agree] [--baseline]";

/**
 * Runs a notebook for its tests. Exit code 0 where all pass, 1 where one fails, 2 where one is open or the notebook could not run, or not to its end.
 * With a baseline beside it, how results stand to that is told; with `--baseline` that counts too.
 */
export const test: Command = {
  name: "test",
  usage,
  help: `Runs a notebook for its tests and prints their lines with their figures.

${sessionHelp}
  --baseline        count how results stand to NAME.baseline.jsonl, which is told in any case: it fails where a test that passed
                    fails, a score is worse beyond the 95 % interval of its difference, or what had a result is an error or
                    blocked by one, and is open where a result it has is

Exit code 0: all tests pass; 1: one fails; 2: one is open, there is none, the notebook could not run, or not to its end
as at a budget, or you said no to its cost; 130: stopped by Ctrl-C. With --baseline 1 and 2 also for what it fails and leaves open; it may stand for tests.`,
  async run(words, terminal) {
    const opened = await openForCommand(words, usage, terminal);
    const { session, runtime, file } = opened;
    try {
      if (opened.cancelBatch) {
        await cancelBatches(opened, terminal);
        return 0;
      }
      const baseline = await baselineBeside(opened, terminal);
      const report = await runSession(opened, terminal);
      const cells = await plainCells(session, runtime);
      const names = Object.keys(cells).filter(
        (name) =>
          (opened.cell === undefined || opened.cell === name) &&
          session.state.graph.nodes.get(name)!.wordings[0]!.kind === "test",
      );
      if (names.length === 0 && !opened.baseline) {
        terminal.error(`${file} has no tests\n  Add a cell \`test NAME\` with one expression a line.\n`);
        return 2;
      }
      const verdicts = names.flatMap((name) => testVerdicts(name, cells[name]!, report.computed));
      const isStopped = report.outcome === "cancelled";
      const compared = baseline === null || isStopped ? null : await showCompared(baseline, opened, terminal);
      const asked = opened.baseline ? compared : null;
      if (opened.json)
        terminal.data(`${toJson({ tests: verdicts, ...(asked === null ? {} : { baseline: comparedJson(asked) }) })}\n`);
      else if (verdicts.length > 0)
        terminal.out(`${verdicts.map((one) => `${titleOf(one)}\n${testText(one)}`).join("\n\n")}\n`);
      for (const one of verdicts) {
        if (one.reason !== undefined) terminal.error(`${titleOf(one)}: open: ${one.reason}\n`);
        for (const { verdict, source, reason } of one.lines)
          if (verdict !== "pass")
            terminal.error(`${titleOf(one)}: ${verdict}: ${source}${reason === undefined ? "" : `: ${reason}`}\n`);
      }
      terminal.error(cutOffText(cells));
      if (isStopped) return Number(process.exitCode ?? 2);
      const all = [...verdicts.map(({ verdict }) => verdict), ...(asked === null ? [] : [asked.verdict])];
      if (all.includes("fail")) return 1;
      if (report.outcome === "budget" || notebookErrors(session).length > 0) return 2;
      return all.includes("open") ? 2 : 0;
    } finally {
      await runtime.close();
    }
  },
};

/** What a test came to, at one of its labels where it has axes; `reason` where it did not run. */
interface TestVerdict {
  readonly name: string;
  readonly at?: Coordinates;
  readonly verdict: TestLine["verdict"];
  readonly lines: readonly TestLine[];
  readonly reason?: string;
}

/** The verdicts of one test: every label counts, and what an earlier run left there is none. `computed` are the addresses this run dealt with. */
function testVerdicts(name: string, cell: PlainCell, computed: ReadonlySet<string>): readonly TestVerdict[] {
  const results: readonly (Omit<PlainVariant, "at"> & { readonly at?: Coordinates })[] = cell.variants ?? [cell];
  return results.map(({ at, outcome, value, error, because, freshness }) => {
    const place = at === undefined ? { name } : { name, at };
    // One that is open because rows are left out was run, and is never settled.
    const isOld = !isSettled({ state: freshness }) && !computed.has(addressText({ cell: name, at: at ?? {} }));
    if (outcome === "ok" && isOld)
      return { ...place, verdict: "open" as const, lines: [], reason: "it was not run again" };
    if (outcome === "ok")
      return { ...place, ...(value as { verdict: TestLine["verdict"]; lines: readonly TestLine[] }) };
    const reason = error?.message ?? because?.join(", ") ?? outcome ?? "it has not run";
    return { ...place, verdict: "open" as const, lines: [], reason };
  });
}

function titleOf({ name, at }: TestVerdict): string {
  return at === undefined ? name : `${name} (${labelText(at)})`;
}
