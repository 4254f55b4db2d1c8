import type { BaselineComparison } from "#evals/compare-with-baseline.ts";
import type { Baseline } from "#server/notebook/baseline.ts";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";
import { baselineName, readBaseline } from "#server/runner/baseline-file.ts";
import { compareBaseline } from "#server/runner/compare-baseline.ts";
import { rowTexts } from "#server/runner/row-texts.ts";
import { baselineText, shownWorse } from "./baseline-text.ts";
import { nodesOf } from "./run-session.ts";
import type { OpenedSession } from "./session-options.ts";
import { errorText } from "./show-error.ts";
import type { Terminal } from "./terminal.ts";
import { cutText, valueText } from "./value-text.ts";

/**
 * The baseline beside a notebook, read before anything is run; null where there is none. Where it was asked for it throws `baseline.missing`, or what
 * is wrong with it; where it was not, that is told, and the command does without.
 */
export async function baselineBeside(
  { found, file, baseline }: OpenedSession,
  terminal: Terminal,
): Promise<Baseline | null> {
  try {
    const read = await readBaseline(found);
    if (read !== null || !baseline) return read;
  } catch (thrown) {
    if (baseline) throw thrown;
    terminal.error(errorText(toCellError(thrown)));
    return null;
  }
  throw new SheafError("baseline.missing", `there is no ${baselineName(found)} beside ${file}`, {
    cure: `Write it with \`sheaf baseline ${file}\`, and commit it.`,
  });
}

/** Compares with a baseline what a run came to, and says how it is to standard error. With --cell it is about that cell and what it needs. */
export async function showCompared(
  baseline: Baseline,
  opened: OpenedSession,
  terminal: Terminal,
): Promise<BaselineComparison> {
  const { session, runtime, cell } = opened;
  const within = cell === undefined ? null : new Set(nodesOf(opened).map(({ id }) => id));
  const comparison = await compareBaseline(baseline, session, runtime, within);
  const found = await rowTexts(shownWorse(comparison), { state: session.state, tables: runtime.tables });
  const rows = new Map([...found].map(([address, value]) => [address, cutText(valueText(value), 50)]));
  terminal.error(baselineText(comparison, baselineName(opened.found), rows));
  return comparison;
}

/** A comparison as plain data. */
export function comparedJson({ verdict, differs, cells, scores, changes, calls }: BaselineComparison) {
  return {
    verdict,
    differs,
    cells: Object.fromEntries(cells.map(({ cell, counts }) => [cell, counts])),
    scores: scores.map(({ interval, ...rest }) => ({
      ...rest,
      low: interval?.low ?? null,
      high: interval?.high ?? null,
    })),
    changes,
    calls,
  };
}
