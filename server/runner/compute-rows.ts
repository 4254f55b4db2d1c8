import { addressText, coordinatesText, type Address } from "#server/notebook/address.ts";
import { bodyLanguage } from "#server/notebook/body-language.ts";
import { wordingAt } from "#server/notebook/cell-key.ts";
import type { ItemEvent } from "#server/notebook/cell-kind.ts";
import type { CallFacts } from "#server/notebook/services.ts";
import { toCellError } from "#server/notebook/sheaf-error.ts";
import type { CellError, Value } from "#server/notebook/value.ts";
import { valueHash } from "#server/notebook/value-hash.ts";
import { encodeValue } from "#server/notebook/value-json.ts";
import type { StoredResult } from "#server/tables/sheet-store.ts";
import type { ColumnRun, ColumnWork } from "./column-step.ts";
import { inFile } from "./in-file.ts";
import { skippedCode } from "./node-values.ts";
import { needsAnswers, onlyAnswered } from "./only-answered.ts";
import { tooManyRows, withRows } from "./outside-reads.ts";
import type { RunContext } from "./run-context.ts";
import { countedAs } from "./progress.ts";
import type { Outcome } from "./run-event.ts";
import { cancelledCode } from "./cancel-target.ts";
import { drain, noAnswer } from "./scalar-batch.ts";
import { recorded, storedResult, tellError } from "./row-results.ts";
import { rowAddress, typesOf } from "./sheet-frame.ts";
import { countWrite } from "./table-writes.ts";

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
  /** Addresses whose text has come, and is no result yet. */
  const streaming = new Map<string, Address>();
  const writer = createWriter(early, async (results) => {
    try {
      await context.tables.sheets.put({ sheet: frame.sheet, node: node.name, results });
    } finally {
      countWrite(node.id, context.state);
    }
    const addresses = results.flatMap(({ at, row }) => {
      const text = addressText(rowAddress(node, at, row));
      const address = streaming.get(text);
      streaming.delete(text);
      return address ?? [];
    });
    if (addresses.length > 0) context.emit({ type: "text-end", addresses });
  });
  let items;
  try {
    items = await withRows(
      bodyLanguage(node.wordings[0]!),
      work.map(({ item }) => item),
      context,
    );
  } catch (thrown) {
    const isLasting = toCellError(thrown).code === tooManyRows && !context.automatic;
    if (isLasting) openRows(run, work, { add: writer.add, streaming }, context).breakOff(thrown);
    await writer.flush();
    if (isLasting) return;
    throw thrown;
  }
  const all = work.map((one, index) => ({ ...one, item: items[index]! }));
  const members = needsAnswers(node, context) ? await onlyAnswered(node, all, context) : all;
  // What a person's run computes is left to it.
  const own = context.automatic ? members.filter(({ item }) => claim.take(addressText(item.address))) : members;
  const spared = context.spare(node, own.length) ? own : [];
  const held = spared.map(({ item }) => addressText(item.address));
  claim.hold(held);
  // What sees all rows sees those of its own variant alone.
  const groups = Map.groupBy(spared, ({ at }) => (node.overRows ? coordinatesText(at) : wordingAt(node, at).source));
  for (const group of groups.values()) {
    const { source } = wordingAt(node, group[0]!.at);
    await runGroup(run, source, group, { add: writer.add, streaming }, context);
  }
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
    // Whoever flushes is told.
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

/** Where what comes of rows goes. */
interface RowsOut {
  add(result: StoredResult): void;
  readonly streaming: Map<string, Address>;
}

async function runGroup(
  run: ColumnRun,
  source: string,
  work: readonly ColumnWork[],
  out: RowsOut,
  context: RunContext,
): Promise<void> {
  const { node, progress } = run;
  const { signal, services } = context;
  progress.begin();
  const rows = openRows(run, work, out, context);
  try {
    const types = typesOf(node, context.state.graph, run.frame);
    const items = work.map(({ item }) => item);
    const events = node.kind!.run({ cell: node.id, source, items, types, signal }, services);
    if (Symbol.iterator in events) for (const event of events) rows.take(event);
    else await drain(events, rows.take, signal);
    rows.end();
  } catch (thrown) {
    rows.breakOff(thrown);
  }
}

/** What an address of a sheet comes to, before it is put away. */
type Finished = Omit<Partial<StoredResult>, "row" | "at"> & { readonly outcome: Outcome; readonly plain?: Value };

/** The addresses of a group that are not settled yet. */
function openRows(run: ColumnRun, work: readonly ColumnWork[], { add, streaming }: RowsOut, context: RunContext) {
  const cell = wordingAt(run.node, work[0]!.at);
  /** The text so far of each that is open. */
  const open = new Map(work.map((_, index) => [index, ""]));
  const finish = (index: number, { plain, ...result }: Finished, isWaiting = false): void => {
    open.delete(index);
    const { stored, item } = work[index]!;
    const base = { ...storedResult(run, stored, { outcome: result.outcome, error: null }), ...result };
    const calls = isWaiting ? base.calls : context.withEmbeddings(item.address, base.calls);
    const kept = { ...base, calls };
    if (!context.claim.isLost(addressText(item.address))) add(kept);
    tellError(run, kept, context);
    const isCached = result.outcome !== "error" && calls.length > 0 && calls.every(({ cached }) => cached);
    run.progress.add(countedAs(result.outcome, isWaiting), isCached);
    context.record([recorded(run, kept, plain)]);
  };
  /** A stream that was stopped keeps its text, marked partial. */
  const stop = (index: number, text = open.get(index) ?? ""): void => {
    const error = JSON.stringify({ code: cancelledCode, message: "cancelled" });
    if (text === "") return finish(index, { outcome: "cancelled", error });
    finish(index, { outcome: "partial", ...keptValue({ type: "string", value: text }) });
  };
  const fail = (index: number, error: CellError, calls: readonly CallFacts[] = []): void =>
    finish(index, { outcome: "error", error: JSON.stringify(inFile(error, cell, context)), calls });
  const breakOff = (thrown: unknown): void => {
    for (const [index, text] of open) {
      if (context.signal.aborted) stop(index, text);
      else fail(index, toCellError(thrown));
    }
  };
  return {
    take(event: ItemEvent): void {
      const { item } = event;
      if (!open.has(item)) return;
      switch (event.type) {
        case "text": {
          const { address } = work[item]!.item;
          open.set(item, event.text);
          streaming.set(addressText(address), address);
          return context.emit({ type: "text", address, text: event.text });
        }
        case "value": {
          const { value: plain, partial, calls = [] } = event;
          let kept: ReturnType<typeof keptValue>;
          try {
            kept = keptValue(plain);
          } catch (thrown) {
            // What cannot be kept is its own error, and none of the others'.
            return fail(item, toCellError(thrown), calls);
          }
          return finish(item, { outcome: partial === true ? "partial" : "ok", ...kept, plain, calls });
        }
        case "error":
          if (event.error.code === cancelledCode) return stop(item);
          if (event.error.code === skippedCode) return finish(item, { outcome: "skipped" });
          return fail(item, event.error, event.calls);
        case "waiting": {
          context.emit({ type: "waiting", address: work[item]!.item.address, on: event.on });
          const error = JSON.stringify({ code: "cell.waiting", message: event.on.message });
          return finish(item, { outcome: "blocked", error }, true);
        }
      }
    },
    /** All that was to come has come. */
    end(): void {
      if (open.size > 0) breakOff(noAnswer(run.node));
    },
    /** Settles what is left when a group breaks off: cancelled or partial where it was stopped, an error otherwise. */
    breakOff,
  };
}

function keptValue(value: Value): Pick<StoredResult, "value" | "valueHash"> {
  return { value: encodeValue(value), valueHash: valueHash(value) };
}
