import { addressText, coordinatesText, type Coordinates } from "#server/notebook/address.ts";
import { labelValues } from "#server/notebook/axis.ts";
import { wordingAt } from "#server/notebook/cell-key.ts";
import type { Item } from "#server/notebook/cell-kind.ts";
import type { Node, Read } from "#server/notebook/graph-node.ts";
import type { RowScope, Step } from "#server/notebook/plan.ts";
import { wholeOf } from "#server/notebook/part-of-cell.ts";
import { toCellError } from "#server/notebook/sheaf-error.ts";
import { isOfAnswer } from "#server/notebook/unfit-answer.ts";
import { toValue, type CellError, type Datum } from "#server/notebook/value.ts";
import { readsAt } from "#server/notebook/wording-reads.ts";
import { decodeValue } from "#server/notebook/value-json.ts";
import type { NodeSpec, StoredResult, WorkItem } from "#server/tables/sheet-store.ts";
import { boundInputs, boundValues, elementRead, lackOf, withBound, type BoundInputs } from "./bindings.ts";
import { buildItem } from "./build-item.ts";
import { isTriedAgain } from "./is-tried-again.ts";
import { computeRows } from "./compute-rows.ts";
import { atCell } from "./in-file.ts";
import { missingColumn } from "./missing-column.ts";
import { continuesOnError } from "#server/notebook/continues-on-error.ts";
import {
  closedSheet,
  gather,
  readResult,
  scalarRead,
  skippedCode,
  type ClosedSheet,
  type ReadValue,
} from "./node-values.ts";
import type { OutsideReads } from "./outside-reads.ts";
import { countedAs, type ProgressCounter } from "./progress.ts";
import { sheetSpecs } from "./results-state.ts";
import type { RunContext, ViewContext } from "./run-context.ts";
import type { Outcome } from "./run-event.ts";
import { blockedBy, isStopped } from "./scalar-step.ts";
import { recorded, storedResult, tellError } from "./row-results.ts";
import { sessionLookup } from "./session-lookup.ts";
import { keyText, rowAddress, type SheetFrame } from "./sheet-frame.ts";
import { givenAt, lackingRead, type GivenRow } from "./row-lacks.ts";
import { storedError } from "./stored-error.ts";

/** What a node's chunks share. */
export interface ColumnRun {
  readonly node: Node;
  readonly step: Step;
  readonly frame: SheetFrame;
  readonly spec: NodeSpec;
  /** The key of each variant as it is computed now, also where something it reads is not settled, by the text of its coordinates. */
  readonly keys: ReadonlyMap<string, string>;
  /** What each variant reads of a row. */
  ofRow(at: Coordinates): OfRow;
  /** Why no row is computed: what the sheet's `when` says, or that it says nothing. */
  readonly closed: ClosedSheet | null;
  /** Errors that have been told: each once, however many rows have it. */
  readonly told: Set<string>;
  /** The sheet's nodes as the store needs them. */
  readonly nodes: readonly NodeSpec[];
  readonly outside: OutsideReads;
  readonly progress: ProgressCounter;
}

/** What a wording reads of a row. */
interface OfRow {
  /** What the sheet gives the inputs it reads. */
  readonly bound: BoundInputs;
  /** Why no row can be computed: the rows lack a column it reads. */
  readonly missing: CellError | null;
}

/** One address to compute, with what the store knows of it. */
export interface ColumnWork {
  readonly at: Coordinates;
  readonly stored: WorkItem;
  readonly item: Item<unknown>;
}

export function startColumn(
  node: Node,
  step: Step,
  frame: SheetFrame,
  context: ViewContext,
  outside: OutsideReads,
  progress: ProgressCounter,
): ColumnRun {
  const nodes = sheetSpecs(node.sheet!, context);
  const closed = closedSheet(context.state.graph.sheets.get(node.sheet!)!, context.state);
  const spec = nodes.find((candidate) => candidate.node === node.name)!;
  const lookup = sessionLookup(context.state);
  const keys = new Map(
    step.variants.map((at) => [coordinatesText(at), keyText(node, at, context.state.graph, lookup)] as const),
  );
  const known = new Map<readonly Read[], OfRow>();
  const ofRow = (at: Coordinates): OfRow => {
    const reads = readsAt(node, at);
    let found = known.get(reads);
    if (found === undefined) {
      const wording = { ...node, reads };
      found = { bound: boundInputs(wording, context.state.graph), missing: missingColumn(wording, frame, context) };
      known.set(reads, found);
    }
    return found;
  };
  return {
    node,
    step,
    frame,
    spec,
    keys,
    ofRow,
    closed: closed?.by.type === "condition" ? closed : null,
    told: new Set(),
    nodes,
    outside,
    progress,
  };
}

/** Computes rows `from … to` of one column of a sheet: the step's variants of every row that its rows name. */
export async function runChunk(run: ColumnRun, from: number, to: number, context: RunContext): Promise<void> {
  const { node } = run;
  const results: StoredResult[] = [];
  const work: ColumnWork[] = [];
  const rows = await readRows(run, from, to, context);
  // What sees all rows is computed at all of them, or at none: one that has a person's value is among them.
  const isTogether = node.overRows === true && rows.some(([stored]) => wants(run.step, stored, context, node));
  if (isTogether && context.automatic && !run.step.force && rows.some(([stored]) => wasStopped(stored))) return;
  for (const [stored, row] of rows) {
    const address = addressText(rowAddress(node, stored.at, stored.row));
    const take = (): boolean => context.claim.take(address);
    // What runs by itself takes from a person's run nothing but what it does itself.
    if (!context.automatic) take();
    if (!isTogether && !wants(run.step, stored, context, node)) {
      take();
      run.progress.add("reused");
      continue;
    }
    // By itself nothing runs on what is not settled, nor what a person has stopped, and what there is stays as it is.
    if (context.automatic && (!isReady(run, stored) || (!run.step.force && wasStopped(stored)))) continue;
    const prepared = prepareRow(run, stored, row, context);
    if ("item" in prepared) {
      if (context.retryErrors === true && isUnfitRow(stored)) context.anew.add(address);
      work.push(prepared);
    } else {
      if (take()) results.push(prepared);
      tellError(run, prepared, context);
      run.progress.add(countedAs(prepared.outcome));
    }
  }
  context.record(results.map((result) => recorded(run, result, undefined)));
  await computeRows(run, work, results, context);
  context.emit({ type: "rows", sheet: run.frame.sheet, node: node.id, from, to });
}

/** What is known of each address of some rows, with what of its row the node reads. */
export async function readRows(
  { node, step, frame, nodes, keys }: ColumnRun,
  from: number,
  to: number,
  context: ViewContext,
): Promise<readonly (readonly [WorkItem, GivenRow])[]> {
  const { sheets } = context.tables;
  const rows = step.rows?.type === "rows" ? step.rows.rows : null;
  const range = { frame: frame.frame, from, to };
  const found = await sheets.work({ ...range, nodes, node: node.name, ...(rows === null ? {} : { rows }) });
  const columns = rowColumns(node, frame, context);
  const page =
    rows === null
      ? await sheets.page({ ...range, columns })
      : await sheets.pageOf({ frame: frame.frame, rows, columns });
  const places = new Map(page.rows.map((row, index) => [row, index]));
  return found
    .filter(({ at }) => keys.has(coordinatesText(at)))
    .map((stored) => {
      return [stored, givenAt(page, columns, places.get(stored.row)!)];
    });
}

/** Whether all that an address reads is settled. */
function isReady({ spec }: ColumnRun, { at, input }: WorkItem): boolean {
  const text = coordinatesText(at);
  return input !== null && spec.variants.find((variant) => coordinatesText(variant.at) === text)?.key !== null;
}

function wasStopped({ stored }: WorkItem): boolean {
  return stored !== null && stored.fresh && isStopped(stored);
}

/** Whether a row's result is the error of an answer to what would be asked now. */
export function isUnfitRow({ stored }: WorkItem): boolean {
  return stored !== null && stored.fresh && stored.outcome === "error" && isOfAnswer(storedError(stored));
}

/** The row's columns that a node reads itself or through what the sheet binds. */
function rowColumns(node: Node, frame: SheetFrame, context: ViewContext): readonly string[] {
  const sheet = context.state.graph.sheets.get(node.sheet!)!;
  const columns = new Set<string>();
  for (const read of node.reads) {
    if (read.type === "row") columns.add(read.column);
    if (read.type !== "bound") continue;
    const binding = sheet.bindings.find((candidate) => candidate.input === read.input)!;
    if (binding.type === "column") columns.add(binding.column);
    if (binding.type === "expression")
      for (const inner of binding.reads) if (inner.type === "row") columns.add(inner.column);
  }
  return [...columns].filter((column) => frame.columns.includes(column));
}

/** Whether a result is to be computed: by the rows asked for, never over a person's own value. */
export function wants(step: Step, { stored, override }: WorkItem, context: ViewContext, node: Node): boolean {
  if (override !== null) return false;
  const rows: RowScope = step.rows ?? { type: "stale" };
  if (step.force || rows.type === "all") return true;
  switch (rows.type) {
    case "empty":
      return stored === null;
    case "failed":
      // Those that wait for a failed one are computed again with it.
      return stored?.outcome === "error" || stored?.outcome === "blocked";
    case "rows":
    case "first":
    case "stale": {
      const retried = isTriedAgain(node, stored?.outcome, () => storedError(stored!), context.retryErrors);
      const unfinished =
        stored?.outcome === "blocked" || stored?.outcome === "cancelled" || stored?.outcome === "partial";
      return stored === null || !stored.fresh || retried || unfinished;
    }
  }
}

/** Everything one address reads, or the result it has without being computed. */
export function prepareRow(
  run: ColumnRun,
  stored: WorkItem,
  given: GivenRow,
  context: ViewContext,
): ColumnWork | StoredResult {
  const { node, outside } = run;
  const settle = (outcome: Outcome, error: CellError | null): StoredResult =>
    storedResult(run, stored, { outcome, error });
  if (run.closed?.type === "skipped") return settle("skipped", null);
  if (run.closed !== null) return settle("blocked", blockedWithCause(run.closed));
  const { bound: ofSheet, missing } = run.ofRow(stored.at);
  if (missing !== null) return settle("error", missing);
  try {
    const { values: row } = given;
    const lacking = lackingReads(ofSheet, given);
    const bound = boundValues(ofSheet, given, context.state);
    const gathered = gather(
      node,
      stored.at,
      (read) => lacking(read) ?? elementRead(read, row) ?? rowRead(run, read, stored, bound, context),
    );
    if (gathered.type === "blocked") return settle("blocked", blockedBy(gathered));
    if (gathered.type === "as its part") return settle(gathered.outcome, gathered.error);
    if (gathered.type === "error") return settle("error", gathered.error);
    if (gathered.type === "skipped") return settle("skipped", null);
    const all = { ...gathered, inputs: { ...gathered.inputs, ...outside.tables } };
    const { results, covered } = outside;
    const here = { address: rowAddress(node, stored.at, stored.row), row, results, covered };
    const { inputs, meta, skipped } =
      ofSheet.made.length === 0 ? all : withBound(ofSheet, all, { ...here, vary: labelValues(stored.at, node.axes) });
    const item = buildItem(node, stored.at, { ...here, inputs, meta, skipped }, context.state.graph.front);
    return item === null ? settle("skipped", null) : { at: stored.at, stored, item };
  } catch (thrown) {
    if (toCellError(thrown).code === skippedCode) return settle("skipped", null);
    return settle("error", atCell(toCellError(thrown), wordingAt(node, stored.at)));
  }
}

/** What reads of a row come to that is another sheet's and has no value in cells of that. */
function lackingReads(bound: BoundInputs, given: GivenRow): (read: Read) => ReadValue | null {
  if (Object.keys(given.lacks).length === 0) return () => null;
  return (read) => {
    if (read.type === "row") return lackingRead(read.column, given);
    if (read.type !== "bound") return null;
    const binding = bound.plain.find(({ input }) => input === read.input);
    return binding === undefined ? null : lackOf(binding, given);
  };
}

/** A row of a sheet has no other place for what is wrong with the sheet's `when`. */
function blockedWithCause({ because, failed, result }: Extract<ClosedSheet, { readonly type: "missing" }>): CellError {
  const error = blockedBy({ type: "blocked", because: [wholeOf(because)], failed });
  const cause = result?.error;
  return cause == null
    ? error
    : { ...error, ...cause, code: error.code, message: `${error.message}: ${cause.message}` };
}

function rowRead(
  run: ColumnRun,
  read: Read,
  stored: WorkItem,
  bound: ReadonlyMap<string, Datum>,
  context: ViewContext,
): ReadValue | null {
  const { node, spec, outside } = run;
  const { graph } = context.state;
  if (read.type === "bound" && bound.has(read.input))
    return { type: "value", value: toValue(bound.get(read.input)), calls: [], outcome: "ok" };
  if ((read.type === "node" || read.type === "meta") && graph.nodes.get(read.node)?.sheet === node.sheet) {
    const target = graph.nodes.get(read.node)!;
    const inputs = spec.inputs.filter((input) => input.type === "node");
    const at = read.reference.at;
    const index = inputs.findIndex(
      (input) =>
        input.node === target.name &&
        addressText({ cell: "", at: input.at ?? {} }) === addressText({ cell: "", at: at ?? {} }),
    );
    const upstream = stored.upstream[index];
    if (upstream === null || upstream === undefined) return { type: "missing", because: target.name, failed: false };
    const value = upstream.value === null ? null : decodeValue(upstream.value);
    const error = storedError(upstream);
    const found = readResult(
      target.name,
      { outcome: upstream.outcome, value, error, calls: upstream.calls },
      continuesOnError(target),
    );
    return found.type === "value" && upstream.override !== undefined
      ? { ...found, override: upstream.override }
      : found;
  }
  return scalarRead(read, stored.at, context.state, outside.files);
}
