import { variantsOf } from "#server/notebook/axis.ts";
import type { Coordinates } from "#server/notebook/address.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import { closedSheet } from "#server/runner/node-values.ts";
import { summarize } from "#server/runner/results-state.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import type { Session } from "#server/runner/session.ts";

/** What the results of one column of a sheet come to at one variant. */
export interface ColumnSummary {
  readonly column: string;
  readonly at: Coordinates;
  /** Results that are numbers, scores or truths, and how many results there should be. */
  readonly n: number;
  readonly total: number;
  /** The mean of those; null where there are none. */
  readonly mean: number | null;
  readonly errors: number;
  readonly skipped: number;
  /** Results that are not there yet or no longer current. */
  readonly open: number;
}

/** The figures of a sheet's columns, a line a variant: of those that hold numbers or scores, and of those where something failed or was skipped. */
export async function summarizeSheet(
  sheet: string,
  session: Session,
  runtime: Runtime,
): Promise<readonly ColumnSummary[]> {
  const { state } = session;
  const { graph, frames } = state;
  if (!frames.has(sheet) || closedSheet(graph.sheets.get(sheet)!, state) !== null) return [];
  const found: ColumnSummary[] = [];
  for (const id of graph.sheets.get(sheet)!.columns) {
    const node = graph.nodes.get(id)!;
    if (node.blocked !== null) continue;
    const lines = await Promise.all(variantsOf(node.axes).map((at) => line(node, at)));
    if (lines.some(({ n, errors, skipped }) => n + errors + skipped > 0)) found.push(...lines);
  }
  return found;

  async function line(node: Node, at: Coordinates): Promise<ColumnSummary> {
    const { values, total, settled, errors, skipped } = await summarize(node.id, at, null, {
      state,
      tables: runtime.tables,
    });
    const mean = values.length === 0 ? null : values.reduce((sum, { value }) => sum + value, 0) / values.length;
    return { column: node.name, at, n: values.length, total, mean, errors, skipped, open: total - settled };
  }
}
