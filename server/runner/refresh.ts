import type { Sheet } from "#server/notebook/graph-node.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { rowsHash } from "#server/notebook/value-hash.ts";
import { shownColumns } from "#server/notebook/shown-columns.ts";
import { deriveFreshness } from "./derive-freshness.ts";
import { outsideReads } from "./outside-reads.ts";
import { sheetCells, sheetSpecs } from "./results-state.ts";
import type { RunContext } from "./run-context.ts";
import { currentFrame } from "./sheet-freshness.ts";
import { noteTable, writesOf } from "./table-writes.ts";

type Context = Pick<RunContext, "state" | "tables">;

/**
 * Looks at what freshness hangs on and lies outside the session: the sheets' results, as their readers see them. Nothing is
 * computed. After a restart this is what tells that a test over a sheet still holds.
 */
export async function refresh(context: Context): Promise<void> {
  const { graph } = context.state;
  const opened = new Set<string>();
  for (const node of graph.nodes.values()) {
    if (node.blocked !== null) continue;
    const sheet = node.sheet === null ? undefined : graph.sheets.get(node.sheet);
    if (sheet !== undefined && !opened.has(sheet.id)) {
      opened.add(sheet.id);
      await currentFrame(sheet, context).catch(notOpened);
    }
    const reads = node.reads.flatMap((read) => (read.type === "results" ? [graph.nodes.get(read.node)!.sheet] : []));
    // Of a sheet that is not there yet there is nothing to be seen.
    if (reads.some((id) => id !== null) && reads.every((id) => id === null || context.state.frames.has(id)))
      await outsideReads(node, context);
  }
  const fresh = deriveFreshness(context.state);
  const { open } = context.state;
  for (const id of opened)
    if (fresh.get(id)?.state === "current" || open.has(id)) await lookAtTable(graph.sheets.get(id)!, context);
  deriveFreshness(context.state);
}

/** Why a sheet's rows cannot be opened is told where it is shown. */
function notOpened(thrown: unknown): null {
  if (thrown instanceof SheafError) return null;
  throw thrown;
}

/** Whether a sheet's own table that was made before this session is what the sheet has: a run may have gone over some columns alone. */
async function lookAtTable(sheet: Sheet, context: Context): Promise<void> {
  const { state, tables } = context;
  const frame = state.frames.get(sheet.id);
  const kept = state.results.get(sheet.id)?.value;
  if (frame === undefined || kept?.type !== "table" || state.tableWrites.has(sheet.id)) return;
  const made = writesOf(sheet, state);
  const columns = shownColumns(sheet, state.graph).map(({ name }) => ({ node: name, at: {} }));
  const nodes = sheetSpecs(sheet.id, context);
  const cells = sheetCells(sheet.id, state);
  const table = await tables.sheets.wideTable({ frame: frame.frame, nodes, columns, cells });
  noteTable(sheet, rowsHash(table) === rowsHash(kept.value) ? made : new Map(), kept, state);
}
