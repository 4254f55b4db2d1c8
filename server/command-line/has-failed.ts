import { closedSheet } from "#server/runner/node-values.ts";
import type { PlainCell } from "./results-json.ts";
import { blockedNodes, type CommandReport } from "./run-session.ts";
import type { OpenedSession } from "./session-options.ts";
import { settledOutcomes } from "./settled-outcomes.ts";

/**
 * Whether something that was asked for failed, is blocked or waits, in one of its rows or variants at least. Rows are counted where
 * they are kept: of many only the first are shown.
 */
export async function hasFailed(
  opened: OpenedSession,
  cells: { readonly [name: string]: PlainCell },
  report: CommandReport,
): Promise<boolean> {
  if (report.outcome === "budget" || blockedNodes(opened).length > 0) return true;
  const { state } = opened.session;
  for (const id of opened.cell === undefined ? Object.keys(cells) : [opened.cell]) {
    const { sheet } = state.graph.nodes.get(id)!;
    if (sheet !== null) {
      if (isUnopened(sheet) || (await hasFailedRow(id, opened))) return true;
      continue;
    }
    const { outcome, variants = [] } = cells[id]!;
    if ([outcome, ...variants.map((variant) => variant.outcome)].some(isFailure)) return true;
    for (const column of state.graph.sheets.get(id)?.columns ?? []) if (await hasFailedRow(column, opened)) return true;
  }
  return false;

  /** A sheet of which a column alone was asked for is told of where its rows could not be had. */
  function isUnopened(sheet: string): boolean {
    if (closedSheet(state.graph.sheets.get(sheet)!, state)?.type === "missing") return true;
    return isFailure(cells[sheet]!.outcome) && (report.computed.has(sheet) || !state.frames.has(sheet));
  }
}

function isFailure(outcome: string | null): boolean {
  return outcome === "error" || outcome === "blocked" || outcome === "waiting";
}

async function hasFailedRow(column: string, { session, runtime }: OpenedSession): Promise<boolean> {
  const { error = 0, blocked = 0 } = await settledOutcomes(column, session, runtime);
  return error + blocked > 0;
}
