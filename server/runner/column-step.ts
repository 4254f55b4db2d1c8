import { bodyLanguage } from "#server/notebook/body-language.ts";
import type { Coordinates } from "#server/notebook/address.ts";
import { cellKey, wordingAt } from "#server/notebook/cell-key.ts";
import type { Item, ItemEvent } from "#server/notebook/cell-kind.ts";
import { addressText } from "#server/notebook/address.ts";
import type { Node, Read } from "#server/notebook/graph-node.ts";
import type { RowScope, Step } from "#server/notebook/plan.ts";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";
import type { CallFacts } from "#server/notebook/services.ts";
import { toValue, type CellError, type Datum, type Value } from "#server/notebook/value.ts";
import { valueHash } from "#server/notebook/value-hash.ts";
import { decodeValue, encodeValue } from "#server/notebook/value-json.ts";
import type { NodeSpec, StoredResult, WorkItem } from "#server/tables/sheet-store.ts";
import { boundValues } from "./bindings.ts";
import { missingColumn } from "./missing-column.ts";
import { atCell, inFile } from "./in-file.ts";
import { buildItem } from "./build-item.ts";
import { continuesOnError, gather, readResult, scalarRead, type ReadValue } from "./node-values.ts";
import type { PlannedCalls } from "./estimate.ts";
import { outsideReads, withRows, type OutsideReads } from "./outside-reads.ts";
import type { ProgressCounter } from "./progress.ts";
import type { RunContext } from "./run-context.ts";
import type { Outcome } from "./run-event.ts";
import { sheetSpecs } from "./results-state.ts";
import { blockedBy, drain, noAnswer } from "./scalar-step.ts";
import { rowAddress, type SheetFrame } from "./sheet-frame.ts";

/** What a node's chunks share. */
export interface ColumnRun {
  readonly node: Node;
  readonly step: Step;
  readonly frame: SheetFrame;
  readonly spec: NodeSpec;
  /** Why no row can be computed: the rows lack a column it reads. */
  readonly missing: CellError | null;
  /** Errors that have been told: each once, however many rows have it. */
  readonly told: Set<string>;
  /** The sheet's nodes as the store needs them. */
  readonly nodes: readonly NodeSpec[];
  readonly outside: OutsideReads;
  readonly progress: ProgressCounter;
}

interface Work {
  readonly at: Coordinates;
  readonly stored: WorkItem;
  readonly item: Item<unknown>;
}

export function startColumn(
  node: Node,
  step: Step,
  frame: SheetFrame,
  context: RunContext,
  outside: OutsideReads,
  progress: ProgressCounter,
): ColumnRun {
  const nodes = sheetSpecs(node.sheet!, context);
  const spec = nodes.find((candidate) => candidate.node === node.name)!;
  return {
    node,
    step,
    frame,
    spec,
    missing: missingColumn(node, frame, context),
    told: new Set(),
    nodes,
    outside,
    progress,
  };
}

/** Computes rows `from … to` of one column of a sheet: all variants of every row that the step's rows name. */
export async function runChunk(run: ColumnRun, from: number, to: number, context: RunContext): Promise<void> {
  const { node, step, frame } = run;
  const rows = step.rows?.type === "rows" ? { rows: step.rows.rows } : {};
  const found = await context.tables.sheets.work({
    frame: frame.frame,
    nodes: run.nodes,
    node: node.name,
    from,
    to,
    ...rows,
  });
  const columns = rowColumns(node, frame, context);
  const page = await context.tables.sheets.page({ frame: frame.frame, from, to, columns });
  const rowOf = new Map(page.rows.map((row, index) => [row, index]));
  const results: StoredResult[] = [];
  const work: Work[] = [];
  for (const stored of found) {
    if (!wants(step, stored, context, node)) {
      run.progress.add("reused");
      continue;
    }
    const index = rowOf.get(stored.row);
    const row =
      index === undefined
        ? {}
        : Object.fromEntries(columns.map((column, at) => [column, page.columns[at]![index] ?? null]));
    const prepared = prepare(run, stored, row, context);
    if ("item" in prepared) work.push(prepared);
    else {
      results.push(prepared);
      tellError(run, prepared, context);
      run.progress.add(prepared.outcome === "skipped" ? "done" : "failed");
    }
  }
  await computeRows(run, work, results, context);
  context.emit({ type: "rows", sheet: frame.sheet, node: node.id, from, to });
}

/** The row's columns that a node reads itself or through what the sheet binds. */
function rowColumns(node: Node, frame: SheetFrame, context: RunContext): readonly string[] {
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
function wants(step: Step, { stored, override }: WorkItem, context: RunContext, node: Node): boolean {
  if (override !== null) return false;
  const rows: RowScope = step.rows ?? { type: "stale" };
  if (step.force || rows.type === "all") return true;
  switch (rows.type) {
    case "empty":
      return stored === null;
    case "failed":
      return stored?.outcome === "error";
    case "rows":
    case "first":
    case "stale": {
      const retried =
        context.retryErrors && stored?.outcome === "error" && node.kind!.effect(node.wordings[0]!) !== "pure";
      const unfinished =
        stored?.outcome === "blocked" || stored?.outcome === "cancelled" || stored?.outcome === "partial";
      return stored === null || !stored.fresh || retried || unfinished;
    }
  }
}

/** Everything one address reads, or the result it has without being computed. */
function prepare(
  run: ColumnRun,
  stored: WorkItem,
  row: { readonly [column: string]: Datum },
  context: RunContext,
): Work | StoredResult {
  const { node, outside } = run;
  const settle = (outcome: Outcome, error: CellError | null): StoredResult =>
    storedResult(run, stored, { outcome, error });
  if (run.missing !== null) return settle("error", run.missing);
  try {
    const bound = boundValues(node, row, context);
    const gathered = gather(node, (read) => rowRead(run, read, stored, bound, context));
    if (gathered.type === "blocked") return settle("blocked", blockedBy(gathered.because));
    if (gathered.type === "skipped") return settle("skipped", null);
    const inputs = { ...gathered.inputs, ...outside.tables };
    const address = rowAddress(node, stored.at, stored.row);
    const item = buildItem(
      node,
      stored.at,
      { address, inputs, meta: gathered.meta, row, results: outside.results },
      context.state.graph.front,
    );
    return item === null ? settle("skipped", null) : { at: stored.at, stored, item };
  } catch (thrown) {
    return settle("error", atCell(toCellError(thrown), wordingAt(node, stored.at)));
  }
}

function rowRead(
  run: ColumnRun,
  read: Read,
  stored: WorkItem,
  bound: ReadonlyMap<string, Datum>,
  context: RunContext,
): ReadValue | null {
  const { node, spec, outside } = run;
  const { graph } = context.state;
  if (read.type === "bound") return { type: "value", value: toValue(bound.get(read.input)), calls: [], outcome: "ok" };
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
    if (upstream === null || upstream === undefined) return { type: "missing", because: target.name };
    const value = upstream.value === null ? null : decodeValue(upstream.value);
    const error = upstream.error === null ? null : (JSON.parse(upstream.error) as CellError);
    return readResult(
      target.name,
      { outcome: upstream.outcome, value, error, calls: upstream.calls },
      continuesOnError(target),
    );
  }
  return scalarRead(read, stored.at, context.state, outside.files);
}

/** The calls a column would make for its rows as they stand; rows whose requests hang on answers to come are counted. */
export async function plannedRows(step: Step, context: RunContext, most: number): Promise<PlannedCalls> {
  const { state, tables } = context;
  const node = state.graph.nodes.get(step.node)!;
  const frame = state.frames.get(node.sheet!);
  if (frame === undefined) return { calls: [], open: 0 };
  const progress: ProgressCounter = { add: () => {}, setTotal: () => {}, end: () => {} };
  const run = startColumn(node, step, frame, context, await outsideReads(node, context), progress);
  const rows = step.rows?.type === "first" ? Math.min(step.rows.count, frame.rowCount) : frame.rowCount;
  const to = Math.min(rows, most);
  const columns = rowColumns(node, frame, context);
  const page = await tables.sheets.page({ frame: frame.frame, from: 0, to, columns });
  const rowOf = new Map(page.rows.map((row, index) => [row, index]));
  const items: Work[] = [];
  let open = 0;
  for (const stored of await tables.sheets.work({
    frame: frame.frame,
    nodes: run.nodes,
    node: node.name,
    from: 0,
    to,
  })) {
    if (!wants(step, stored, context, node)) continue;
    const index = rowOf.get(stored.row)!;
    const row = Object.fromEntries(columns.map((column, at) => [column, page.columns[at]![index] ?? null]));
    const prepared = stored.input === null ? null : prepare(run, stored, row, context);
    if (prepared === null) open += 1;
    else if ("item" in prepared) items.push(prepared);
  }
  const filled = await withRows(
    bodyLanguage(node.wordings[0]!),
    items.map(({ item }) => item),
    context,
  );
  const calls = items.flatMap(({ at }, index) => {
    try {
      return node.kind!.calls!(filled[index]!, wordingAt(node, at).source);
    } catch {
      // What cannot be put together sends nothing; its error is shown when it runs.
      return [];
    }
  });
  // Rows beyond those looked at are taken to be like them: they are counted as open, not as known.
  return { calls, open: open + (rows - to) * step.variants.length };
}

async function computeRows(
  run: ColumnRun,
  work: readonly Work[],
  early: readonly StoredResult[],
  context: RunContext,
): Promise<void> {
  const { node, frame } = run;
  const writer = createWriter(early, (results) =>
    context.tables.sheets.put({ sheet: frame.sheet, node: node.name, results }),
  );
  const items = await withRows(
    bodyLanguage(node.wordings[0]!),
    work.map(({ item }) => item),
    context,
  );
  const members = work.map((one, index) => ({ ...one, item: items[index]! }));
  const groups = Map.groupBy(members, ({ at }) => wordingAt(node, at).source);
  for (const [source, group] of groups) await runGroup(run, source, group, writer.add, context);
  await writer.flush();
}

/** Puts results away as they come, many at once: nothing that has been paid for waits for a slow neighbour. */
function createWriter(
  early: readonly StoredResult[],
  put: (results: readonly StoredResult[]) => Promise<void>,
): { add(result: StoredResult): void; flush(): Promise<void> } {
  let waiting: StoredResult[] = [...early];
  let writing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const write = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    const batch = waiting;
    waiting = [];
    writing = writing.then(() => put(batch));
    writing.catch(() => {});
  };
  return {
    add(result) {
      waiting.push(result);
      if (waiting.length >= 500) write();
      else timer ??= setTimeout(write, 100);
    },
    async flush() {
      write();
      await writing;
    },
  };
}

async function runGroup(
  run: ColumnRun,
  source: string,
  work: readonly Work[],
  add: (result: StoredResult) => void,
  context: RunContext,
): Promise<void> {
  const { node, progress } = run;
  const { signal, services } = context;
  const cell = wordingAt(node, work[0]!.at);
  const open = new Map(work.map((_, index) => [index, ""]));
  const finish = (
    index: number,
    result: Omit<Partial<StoredResult>, "row" | "at"> & { outcome: Outcome; value?: string | null; plain?: Value },
    cached: boolean,
    calls: readonly CallFacts[],
  ): void => {
    open.delete(index);
    const { stored } = work[index]!;
    const { plain, ...rest } = result;
    const kept = { ...storedResult(run, stored, { outcome: result.outcome, error: null, calls }), ...rest };
    add(kept);
    tellError(run, kept, context);
    const failed = result.outcome !== "ok" && result.outcome !== "skipped";
    progress.add(failed ? "failed" : "done", cached);
    context.record([recorded(run, kept, plain)]);
  };
  const handle = (event: ItemEvent): void => {
    if (!open.has(event.item)) return;
    switch (event.type) {
      case "text":
        open.set(event.item, event.text);
        context.emit({ type: "text", address: work[event.item]!.item.address, text: event.text });
        return;
      case "value": {
        const calls = event.calls ?? [];
        const cached = calls.length > 0 && calls.every((call) => call.cached);
        finish(
          event.item,
          {
            outcome: event.partial === true ? "partial" : "ok",
            value: encodeValue(event.value),
            valueHash: valueHash(event.value),
            plain: event.value,
          },
          cached,
          calls,
        );
        return;
      }
      case "error":
        finish(
          event.item,
          { outcome: "error", error: JSON.stringify(inFile(event.error, cell, context)) },
          false,
          event.calls ?? [],
        );
        return;
      case "waiting":
        context.emit({ type: "waiting", address: work[event.item]!.item.address, on: event.on });
        finish(
          event.item,
          { outcome: "blocked", error: JSON.stringify({ code: "cell.waiting", message: event.on.message }) },
          false,
          [],
        );
        return;
    }
  };
  const breakOff = (thrown: unknown): void => {
    for (const [index, text] of [...open]) {
      if (!signal.aborted)
        finish(
          index,
          { outcome: "error", error: JSON.stringify(inFile(toCellError(thrown), cell, context)) },
          false,
          [],
        );
      else if (text !== "") {
        const value: Value = { type: "string", value: text };
        finish(index, { outcome: "partial", value: encodeValue(value), valueHash: valueHash(value) }, false, []);
      } else
        finish(
          index,
          { outcome: "cancelled", error: JSON.stringify({ code: "cell.cancelled", message: "cancelled" }) },
          false,
          [],
        );
    }
  };
  try {
    const events = node.kind!.run({ cell: node.id, source, items: work.map(({ item }) => item), signal }, services);
    if (Symbol.iterator in events) for (const event of events) handle(event);
    else await drain(events, handle, signal);
    if (open.size > 0) breakOff(noAnswer(node));
  } catch (thrown) {
    breakOff(thrown);
  }
}

/** Tells of an error at the first row that has it. */
function tellError({ node, told }: ColumnRun, { outcome, error, at, row }: StoredResult, context: RunContext): void {
  if (outcome !== "error" || error === null || told.has(error) || told.size >= mostErrorsTold) return;
  told.add(error);
  context.emit({ type: "result", address: rowAddress(node, at, row), outcome, error: JSON.parse(error) as CellError });
}

const mostErrorsTold = 20;

function storedResult(
  run: ColumnRun,
  stored: WorkItem,
  { outcome, error, calls = [] }: { outcome: Outcome; error: CellError | null; calls?: readonly CallFacts[] },
): StoredResult {
  const key = keyAt(run, stored.at);
  return {
    row: stored.row,
    at: stored.at,
    key,
    input: stored.input ?? "",
    outcome,
    value: null,
    valueHash: null,
    error: error === null ? null : JSON.stringify(error),
    calls,
  };
}

function keyAt({ spec }: ColumnRun, at: Coordinates): string {
  const text = addressText({ cell: "", at });
  const key = spec.variants.find((variant) => addressText({ cell: "", at: variant.at }) === text)?.key;
  if (key === undefined || key === null) throw new SheafError("internal", `the variant ${text} has no key`);
  return key;
}

function recorded(
  run: ColumnRun,
  result: StoredResult,
  value: Value | undefined,
): Parameters<RunContext["record"]>[0][number] {
  return {
    address: addressText(rowAddress(run.node, result.at, result.row)),
    cellKey: cellKey({ column: result.key, input: result.input }),
    callKeys: result.calls.map((call) => call.key),
    outcome: result.outcome,
    score: value?.type === "score" ? value.value.score : null,
    cost: result.calls.some((call) => call.cost === null)
      ? null
      : result.calls.reduce((total, call) => total + (call.cached ? 0 : call.cost!), 0),
  };
}
