import { setMaxListeners } from "node:events";
import { keyWithText } from "#server/notebook/cell-key.ts";
import type { Node, Sheet } from "#server/notebook/graph-node.ts";
import type { Step } from "#server/notebook/plan.ts";
import { shownColumns } from "#server/notebook/shown-columns.ts";
import { isPartOfSheet, wholeOf } from "#server/notebook/part-of-cell.ts";
import { toCellError } from "#server/notebook/sheaf-error.ts";
import { valueHash } from "#server/notebook/value-hash.ts";
import { openParts, sheetKey } from "./column-fingerprint.ts";
import { brokenKey } from "./broken-key.ts";
import { runChunk, startColumn } from "./column-step.ts";
import { outsideReads } from "./outside-reads.ts";
import { atCell } from "./in-file.ts";
import { isLost } from "./is-lost.ts";
import { openFrame, settledFrame } from "./open-frame.ts";
import { asItsPart, closedRows, closedSheet, type ClosedSheet } from "./node-values.ts";
import { countedAs, startProgress } from "./progress.ts";
import type { RunContext } from "./run-context.ts";
import type { LiveResult } from "./session-state.ts";
import type { SheetFrame } from "./sheet-frame.ts";
import { areSettled, settledStates, sheetCells, sheetSpecs } from "./results-state.ts";
import { blockedBy } from "./scalar-step.ts";
import { sheetFreshness } from "./sheet-freshness.ts";
import { sessionLookup } from "./session-lookup.ts";
import { noteTable, writesOf } from "./table-writes.ts";

const chunkRows = 256;
const chunksAtOnce = 2;

/** The most rows a sheet has whose columns run by themselves. */
const automaticRows = 1_000;

/** How far a column is: a chunk may be worked on when the same chunk of every column it reads is done. */
export interface ColumnProgress {
  readonly finished: Promise<void>;
  /** Resolves when it has finished or broken off. */
  readonly over: Promise<void>;
  /** Resolves when rows `from … from + chunk` are done. */
  chunk(from: number): Promise<void>;
}

/** The sheets of one pass of a run: each is opened once, and its columns go through it side by side, chunk by chunk. */
export function createSheetRuns(
  context: RunContext,
  isLast: boolean,
): {
  /** `own` is the step's own context: it can be stopped by itself. */
  column(step: Step, own: RunContext): ColumnProgress;
  table(step: Step): Promise<void>;
} {
  const opening = new Map<string, Promise<SheetFrame>>();
  const columns = new Map<string, ColumnProgress>();
  /** Sheets of which a column broke. */
  const broken = new Set<string>();

  function open(sheet: Sheet): Promise<SheetFrame> {
    let frame = opening.get(sheet.id);
    if (frame === undefined) opening.set(sheet.id, (frame = openFrame(sheet, context)));
    return frame;
  }

  /** Whether a step in a sheet may be taken though nobody asked: the rows are settled, and those it goes over not many. */
  async function runsItself(sheet: Sheet, { rows }: Step): Promise<boolean> {
    if ((await settledFrame(sheet, context)) === null) return false;
    return (rows?.type === "rows" ? rows.rows.length : (await open(sheet)).rowCount) <= automaticRows;
  }

  /** Whether the error of a column that broke stays at a sheet: nothing it reads has changed, and not all of its columns are settled. */
  async function keepsError(sheet: Sheet): Promise<boolean> {
    const { state } = context;
    if (state.results.get(sheet.id)?.key !== brokenKey(state.graph.nodes.get(sheet.id)!, {}, state).key) return false;
    const found = await sheetFreshness(sheet.id, true, context);
    return Object.values(found?.columns ?? {}).some((variants) =>
      variants.some(({ counts }) =>
        Object.entries(counts).some(([freshness, count]) => count > 0 && !settledStates.has(freshness)),
      ),
    );
  }

  function column(step: Step, own: RunContext): ColumnProgress {
    const node = context.state.graph.nodes.get(step.node)!;
    const sheet = context.state.graph.sheets.get(node.sheet!)!;
    const ofRows = node.overRows === true ? overAllRows(step) : step;
    const gates = new Map<number, { promise: Promise<void>; resolve: () => void }>();
    const gate = (from: number) => {
      let known = gates.get(from);
      if (known === undefined) gates.set(from, (known = Promise.withResolvers<void>()));
      return known;
    };
    const upstream = [
      ...new Set(node.reads.flatMap((read) => ("node" in read && read.type !== "results" ? [read.node] : []))),
    ]
      .map((id) => columns.get(id))
      .filter((other) => other !== undefined);
    const finished = runColumn(node, sheet, ofRows, upstream, gate, own);
    // A column that broke off leaves those that read it to find nothing there, and to say so.
    const over = finished.catch(() => void broken.add(sheet.id));
    const progress: ColumnProgress = { finished, over, chunk: (from) => Promise.race([gate(from).promise, over]) };
    columns.set(step.node, progress);
    return progress;
  }

  async function runColumn(
    node: Node,
    sheet: Sheet,
    step: Step,
    upstream: readonly ColumnProgress[],
    gate: (from: number) => { resolve: () => void },
    own: RunContext,
  ): Promise<void> {
    if (closedRows(sheet, own.state) !== null || (own.automatic && !(await runsItself(sheet, step)))) return;
    const isClosed = closedSheet(sheet, own.state) !== null;
    const frame = await open(sheet).catch((thrown: unknown) => {
      if (isClosed) return null;
      throw thrown;
    });
    if (frame === null) return;
    const rows = rowsOf(step, frame);
    const whole = node.kind!.wholeColumn === true;
    const size = whole ? Math.max(1, rows) : chunkRows;
    const count = step.rows?.type === "rows" ? step.rows.rows.length : rows;
    const progress = startProgress(node.id, count * step.variants.length, own.emit);
    const run = startColumn(node, step, frame, own, await outsideReads(node, own), progress);
    const breaks = new AbortController();
    const lost: unknown[] = [];
    const signal = AbortSignal.any([own.signal, breaks.signal]);
    // Every call of the column listens.
    setMaxListeners(0, signal);
    const stoppable = { ...own, signal };
    const chosen = step.rows?.type === "rows";
    const chunks = chosen ? [0] : Array.from({ length: Math.ceil(rows / size) }, (_, index) => index * size);
    const work = chunks[Symbol.iterator]();
    const lane = async (): Promise<void> => {
      for (const from of work) {
        if (signal.aborted || lost.length > 0) return;
        await Promise.all(upstream.map((other) => (whole || chosen ? other.over : other.chunk(from))));
        if (breaks.signal.aborted || lost.length > 0) return;
        await runChunk(run, from, chosen ? rows : Math.min(from + size, rows), stoppable);
        gate(from).resolve();
      }
    };
    // What a column that breaks has under way is stopped and waited for: no call may go out after its run has ended.
    const breaking = (thrown: unknown): void => {
      // The next pass joins those that are under way.
      if (!isLast && isLost(thrown)) lost.push(thrown);
      else breaks.abort(thrown);
    };
    await Promise.all(Array.from({ length: chunksAtOnce }, () => lane().catch(breaking)));
    progress.end();
    if (breaks.signal.aborted) throw breaks.signal.reason;
    if (lost.length > 0) throw lost[0];
  }

  return {
    column,
    async table(step) {
      const sheet = context.state.graph.sheets.get(step.node)!;
      // The column has left its error at the sheet.
      if (broken.has(sheet.id)) return;
      const closed = closedSheet(sheet, context.state);
      if (closed !== null) return keepClosed(sheet, closed, context);
      if (context.automatic && (!(await runsItself(sheet, step)) || (await keepsError(sheet)))) return;
      await keepTable(sheet, await open(sheet), context);
    },
  };
}

/** A step over some rows as it is where each of them hangs on all. */
function overAllRows(step: Step): Step {
  const isOfSome = step.rows?.type === "first" || step.rows?.type === "rows";
  return isOfSome ? { ...step, rows: { type: "stale" } } : step;
}

/** Rows a step goes over: all, or the first so many. */
function rowsOf(step: Step, frame: SheetFrame): number {
  return step.rows?.type === "first" ? Math.min(step.rows.count, frame.rowCount) : frame.rowCount;
}

/** A sheet that is not computed has no table: it comes out as what decides it, or as its rows. */
function keepClosed(sheet: Sheet, closed: ClosedSheet, context: RunContext): void {
  const { key, text, unsettled } = sheetKey(sheet, context.state, sessionLookup(context.state));
  if (context.automatic && unsettled.length > 0) return;
  const { outcome, error, because } = closedOutcome(closed);
  const address = { cell: sheet.id, at: {} };
  const nothing = { value: null, valueHash: null, calls: [], waiting: null };
  context.keep({ address, key, parts: text, ...nothing, outcome, error, because, at: context.now() });
  // It is tried twice where what costs nothing runs first, and counted once.
  if (outcome === "skipped" || context.broken.has(sheet.id)) return;
  context.broken.add(sheet.id);
  const progress = startProgress(sheet.id, 1, context.emit);
  progress.add(countedAs(outcome));
  progress.end();
}

function closedOutcome(closed: ClosedSheet): Pick<LiveResult, "outcome" | "error" | "because"> {
  if (closed.type === "skipped") return { outcome: "skipped", error: null, because: [] };
  const isPart = "node" in closed.by && isPartOfSheet(closed.by.node);
  if (isPart && closed.result !== undefined) return asItsPart(closed.result);
  const because = [wholeOf(closed.because)];
  const error = blockedBy({ type: "blocked", because, failed: closed.failed });
  return { outcome: "blocked", error: { ...error, position: closed.by.reference.position }, because };
}

/** The sheet's own value: the table of its rows and of its columns at the chosen variant. */
async function keepTable(sheet: Sheet, frame: SheetFrame, context: RunContext): Promise<void> {
  const { graph } = context.state;
  const address = { cell: sheet.id, at: {} };
  const base = { address, calls: [], because: [], waiting: null, at: context.now() };
  try {
    const made = writesOf(sheet, context.state);
    const columns = shownColumns(sheet, graph).map(({ name }) => ({ node: name, at: {} }));
    const now = { frame: frame.frame, nodes: sheetSpecs(sheet.id, context) };
    const table = await context.tables.sheets.wideTable({
      ...now,
      columns,
      cells: sheetCells(sheet.id, context.state),
    });
    const open: string[] = [];
    for (const { node } of columns)
      if (!(await context.tables.sheets.freshness({ ...now, node, exact: true })).every(areSettled)) open.push(node);
    const value = { type: "table", value: table } as const;
    const { parts, unsettled } = sheetKey(sheet, context.state, sessionLookup(context.state));
    const { key, text } = keyWithText(openParts(parts, open));
    context.keep({
      ...base,
      key,
      parts: text,
      outcome: "ok",
      value,
      valueHash: valueHash(value),
      error: null,
    });
    noteTable(sheet, made, value, context.state);
    if (open.length + unsettled.length > 0) context.state.stale.add(sheet.id);
    if (unsettled.length === 0) context.state.open.add(sheet.id);
    else context.state.open.delete(sheet.id);
  } catch (thrown) {
    if (isLost(thrown)) throw thrown;
    context.keep({
      ...base,
      key: "",
      parts: "{}",
      outcome: "error",
      value: null,
      valueHash: null,
      error: atCell(toCellError(thrown), sheet.cell),
    });
  }
}
