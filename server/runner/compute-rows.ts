import { addressText, coordinatesText } from "#server/notebook/address.ts";
import { bodyLanguage } from "#server/notebook/body-language.ts";
import { cellKey, wordingAt } from "#server/notebook/cell-key.ts";
import type { ItemEvent } from "#server/notebook/cell-kind.ts";
import type { CallFacts } from "#server/notebook/services.ts";
import { toCellError } from "#server/notebook/sheaf-error.ts";
import type { CellError, Value } from "#server/notebook/value.ts";
import { valueHash } from "#server/notebook/value-hash.ts";
import { encodeValue } from "#server/notebook/value-json.ts";
import type { StoredResult, WorkItem } from "#server/tables/sheet-store.ts";
import type { ColumnRun, ColumnWork } from "./column-step.ts";
import { inFile } from "./in-file.ts";
import { skippedCode } from "./node-values.ts";
import { needsAnswers, onlyAnswered } from "./only-answered.ts";
import { withRows } from "./outside-reads.ts";
import type { RunContext } from "./run-context.ts";
import { countedAs } from "./progress.ts";
import type { Outcome } from "./run-event.ts";
import { cancelledCode } from "./cancel-target.ts";
import { drain, noAnswer } from "./scalar-batch.ts";
import { rowAddress, typesOf } from "./sheet-frame.ts";

/** Computes what is to be computed of a chunk and keeps it as it comes; `early` came out before, without being computed. */
export async function computeRows(
  run: ColumnRun,
  work: readonly ColumnWork[],
  early: readonly StoredResult[],
  context: RunContext,
): Promise<void> {
  const { node, frame } = run;
  const { claim } = context;
  const started = performance.now();
  const writer = createWriter(early, (results) =>
    context.tables.sheets.put({ sheet: frame.sheet, node: node.name, results }),
  );
  const items = await withRows(
    bodyLanguage(node.wordings[0]!),
    work.map(({ item }) => item),
    context,
  );
  const all = work.map((one, index) => ({ ...one, item: items[index]! }));
  const members = needsAnswers(node, context) ? await onlyAnswered(node, all, context) : all;
  // What a person's run computes is left to it.
  const own = context.automatic ? members.filter(({ item }) => claim.take(addressText(item.address))) : members;
  const spared = context.spare(node, own.length) ? own : [];
  const held = spared.map(({ item }) => addressText(item.address));
  claim.hold(held);
  const groups = Map.groupBy(spared, ({ at }) => wordingAt(node, at).source);
  for (const [source, group] of groups) await runGroup(run, source, group, writer.add, context);
  await writer.flush();
  claim.release(held);
  context.took(node, spared.length, performance.now() - started);
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
  work: readonly ColumnWork[],
  add: (result: StoredResult) => void,
  context: RunContext,
): Promise<void> {
  const { node, progress } = run;
  const { signal, services } = context;
  progress.begin();
  const cell = wordingAt(node, work[0]!.at);
  const open = new Map(work.map((_, index) => [index, ""]));
  const finish = (
    index: number,
    result: Omit<Partial<StoredResult>, "row" | "at"> & { outcome: Outcome; value?: string | null; plain?: Value },
    cached: boolean,
    calls: readonly CallFacts[],
    isWaiting = false,
  ): void => {
    open.delete(index);
    const { stored } = work[index]!;
    const { plain, ...rest } = result;
    const kept = { ...storedResult(run, stored, { outcome: result.outcome, error: null, calls }), ...rest };
    if (!context.claim.isLost(addressText(work[index]!.item.address))) add(kept);
    tellError(run, kept, context);
    progress.add(countedAs(result.outcome, isWaiting), cached);
    context.record([recorded(run, kept, plain)]);
  };
  /** A stream that was stopped keeps its text, marked partial. */
  const stop = (index: number, text = open.get(index) ?? ""): void => {
    const error = JSON.stringify({ code: cancelledCode, message: "cancelled" });
    if (text === "") return finish(index, { outcome: "cancelled", error }, false, []);
    const value: Value = { type: "string", value: text };
    finish(index, { outcome: "partial", value: encodeValue(value), valueHash: valueHash(value) }, false, []);
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
        if (event.error.code === cancelledCode) return stop(event.item);
        if (event.error.code === skippedCode) return finish(event.item, { outcome: "skipped" }, false, []);
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
          true,
        );
        return;
    }
  };
  const breakOff = (thrown: unknown): void => {
    for (const [index, text] of open) {
      if (!signal.aborted)
        finish(
          index,
          { outcome: "error", error: JSON.stringify(inFile(toCellError(thrown), cell, context)) },
          false,
          [],
        );
      else stop(index, text);
    }
  };
  try {
    const types = typesOf(node, context.state.graph, run.frame);
    const items = work.map(({ item }) => item);
    const events = node.kind!.run({ cell: node.id, source, items, types, signal }, services);
    if (Symbol.iterator in events) for (const event of events) handle(event);
    else await drain(events, handle, signal);
    if (open.size > 0) breakOff(noAnswer(node));
  } catch (thrown) {
    breakOff(thrown);
  }
}

/** Tells of an error at the first row that has it. */
export function tellError(
  { node, told }: ColumnRun,
  { outcome, error, at, row }: StoredResult,
  context: RunContext,
): void {
  if (outcome !== "error" || error === null || told.has(error) || told.size >= mostErrorsTold) return;
  told.add(error);
  context.emit({ type: "result", address: rowAddress(node, at, row), outcome, error: JSON.parse(error) as CellError });
}

const mostErrorsTold = 20;

/** A result without a value, at the key and the input it has now. */
export function storedResult(
  run: ColumnRun,
  stored: WorkItem,
  { outcome, error, calls = [] }: { outcome: Outcome; error: CellError | null; calls?: readonly CallFacts[] },
): StoredResult {
  return {
    row: stored.row,
    at: stored.at,
    key: run.keys.get(coordinatesText(stored.at))!,
    input: stored.input ?? "",
    outcome,
    value: null,
    valueHash: null,
    error: error === null ? null : JSON.stringify(error),
    calls,
  };
}

/** A result of a row as the record of its run has it. */
export function recorded(
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
