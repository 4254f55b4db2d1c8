import { closedSheet } from "#server/runner/node-values.ts";
import { sheetSpecs } from "#server/runner/results-state.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import type { Session } from "#server/runner/session.ts";
import type { Outcome } from "#server/runner/run-event.ts";

/** How many settled results of a sheet's column came out how, of all its rows and variants; of none where the sheet is not computed. */
export async function settledOutcomes(
  column: string,
  { state }: Session,
  { tables }: Runtime,
): Promise<{ readonly [outcome in Outcome]?: number }> {
  const { sheet, name, blocked } = state.graph.nodes.get(column)!;
  const frame = state.frames.get(sheet!)?.frame;
  if (frame === undefined || blocked !== null || closedSheet(state.graph.sheets.get(sheet!)!, state) !== null)
    return {};
  const nodes = sheetSpecs(sheet!, { state, tables });
  const sums: { [outcome in Outcome]?: number } = {};
  for (const { settled } of await tables.sheets.freshness({ frame, nodes, node: name, exact: true }))
    for (const [outcome, count] of Object.entries(settled) as [Outcome, number][])
      sums[outcome] = (sums[outcome] ?? 0) + count;
  return sums;
}
