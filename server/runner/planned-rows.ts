import { bodyLanguage } from "#server/notebook/body-language.ts";
import { isFailed } from "#server/notebook/blocked-by-error.ts";
import { isAt, variantsOf } from "#server/notebook/axis.ts";
import type { Sheet } from "#server/notebook/graph-node.ts";
import type { Step } from "#server/notebook/plan.ts";
import type { Services } from "#server/notebook/services.ts";
import { isUnfitRow, prepareRow, readRows, startColumn, wants, type ColumnWork } from "./column-step.ts";
import { closedSheet } from "./node-values.ts";
import { settledFrame } from "./open-frame.ts";
import { areSheetsOpen, outsideReads, withRows } from "./outside-reads.ts";
import { gatherCalls, type GatheredCalls, type PlannedCalls, type PlannedItem } from "./planned-calls.ts";
import { readState } from "#server/notebook/scalar-key.ts";
import { sessionLookup } from "./session-lookup.ts";
import { silentProgress } from "./progress.ts";
import type { ViewContext } from "./run-context.ts";
import { storedError } from "./stored-error.ts";

/** Where a sheet has more rows than are looked at, so many pieces of it are, from its beginning to its end. */
const pieces = 10;

/**
 * The calls a column would make for its rows as they stand; rows whose requests hang on answers to come are counted. Of many rows a
 * sample is looked at, and each of its calls stands for those of other rows as well.
 */
export async function plannedRows(
  step: Step,
  context: ViewContext,
  planning: Services,
  most: number,
): Promise<PlannedCalls> {
  const { state } = context;
  const node = state.graph.nodes.get(step.node)!;
  const sheet = state.graph.sheets.get(node.sheet!)!;
  const closed = closedSheet(sheet, state);
  const isSkipped = closed?.type === "skipped";
  // What skipped it may have changed: then its rows are open.
  if (isSkipped && readState(node.id, closed.by, {}, state.graph, sessionLookup(state))?.settled === true)
    return { calls: [], embedded: [], open: 0 };
  const frame = await settledFrame(sheet, context);
  const named = step.rows?.type === "rows" ? step.rows.rows.length : null;
  const rowsOf = (count: number): number =>
    step.rows?.type === "first" ? Math.min(step.rows.count, count) : (named ?? count);
  // Where how many rows there will be hangs on an answer to come, at least one.
  if (frame === null)
    return { calls: [], embedded: [], open: rowsOf((await rowsToCome(sheet, context)) ?? 1) * step.variants.length };
  const rows = rowsOf(frame.rowCount);
  if (isSkipped || !areSheetsOpen(node, state)) return { calls: [], embedded: [], open: rows * step.variants.length };
  const run = startColumn(node, step, frame, context, await outsideReads(node, context), silentProgress);
  const ranges = named === null ? sampleOf(rows, most) : [{ from: 0, to: frame.rowCount }];
  const looked = ranges.reduce((sum, { from, to }) => sum + to - from, 0);
  const times = named === null && looked > 0 ? rows / looked : 1;
  const work: ColumnWork[] = [];
  let open = 0;
  for (const { from, to } of ranges)
    for (const [stored, row] of await readRows(run, from, to, context)) {
      if (!wants(step, stored, context, node)) continue;
      const prepared = stored.input === null ? null : prepareRow(run, stored, row, context);
      if (prepared === null) open += 1;
      else if ("item" in prepared) work.push(prepared);
      // What blocks it may yet come.
      else if (prepared.outcome === "blocked" && !isFailed({ ...prepared, error: storedError(prepared) })) open += 1;
    }
  const filled = await withRows(
    bodyLanguage(node.wordings[0]!),
    work.map(({ item }) => item),
    context,
  );
  const gathered: GatheredCalls = { calls: [], embedded: [] };
  const planned = work.map(({ at, stored }, index): PlannedItem => {
    const anew = context.retryErrors === true && isUnfitRow(stored);
    return { at, item: filled[index]!, times, anew };
  });
  open += await gatherCalls(gathered, node, planned, state, planning);
  return { ...gathered, open: Math.round(open * times) };
}

/** How many rows a sheet will have that goes over another's, whose results are not settled and whose rows are; null where that is not known. */
async function rowsToCome({ rows }: Sheet, context: ViewContext): Promise<number | null> {
  const { sheets, nodes } = context.state.graph;
  if (rows === null || rows.type === "input") return null;
  const node = nodes.get(rows.node)!;
  const owner = sheets.get(rows.type === "results" ? (node.sheet ?? "") : rows.node);
  if (owner === undefined) return null;
  const frame = await settledFrame(owner, context);
  const count = frame?.rowCount ?? (await rowsToCome(owner, context));
  if (rows.type === "node" || count === null) return count;
  return count * variantsOf(node.axes).filter((variant) => isAt(variant, rows.reference.at ?? {})).length;
}

/** All rows, or as many as are looked at in pieces of one length over the whole of them. */
function sampleOf(rows: number, most: number): readonly { readonly from: number; readonly to: number }[] {
  if (rows <= most) return [{ from: 0, to: rows }];
  const length = Math.floor(most / pieces);
  return Array.from({ length: pieces }, (_, piece) => {
    const from = Math.floor((piece * (rows - length)) / (pieces - 1));
    return { from, to: from + length };
  });
}
