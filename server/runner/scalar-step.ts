import { blockedByError } from "#server/notebook/blocked-by-error.ts";
import { bodyLanguage } from "#server/notebook/body-language.ts";
import { addressText, type Coordinates } from "#server/notebook/address.ts";
import type { Item, ItemEvent } from "#server/notebook/cell-kind.ts";
import { wordingAt, type KeyText } from "#server/notebook/cell-key.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import type { Step } from "#server/notebook/plan.ts";
import { scalarKey } from "#server/notebook/scalar-key.ts";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";
import type { CellError, Value } from "#server/notebook/value.ts";
import { valueHash } from "#server/notebook/value-hash.ts";
import { buildItem } from "./build-item.ts";
import { gather, scalarRead, skippedCode, type Gathered } from "./node-values.ts";
import { atCell, inFile } from "./in-file.ts";
import { needsAnswers, onlyAnswered } from "./only-answered.ts";
import { outsideReads, withRows } from "./outside-reads.ts";
import type { RunContext } from "./run-context.ts";
import type { Outcome } from "./run-event.ts";
import { cancelledCode } from "./run-services.ts";
import { sessionLookup } from "./session-lookup.ts";
import type { LiveResult } from "./session-state.ts";
import { countedAs, startProgress, type ProgressCounter } from "./progress.ts";

/** One address to compute, with the key it will have. */
interface Work {
  readonly at: Coordinates;
  readonly key: string;
  readonly parts: KeyText;
  readonly item: Item<unknown>;
}

/**
 * Runs one node outside sheets: every variant that is not settled. Synchronous where the kind is and nothing has to be read
 * first, so that a chain of thousands of templates costs no promise each.
 */
export function runScalarStep(step: Step, context: RunContext): void | Promise<void> {
  const node = context.state.graph.nodes.get(step.node)!;
  const progress = startProgress(step.node, step.variants.length, context.emit);
  const outside = outsideReads(node, context);
  if (outside instanceof Promise) return outside.then((reads) => compute(node, step, context, reads, progress));
  return compute(node, step, context, outside, progress);
}

type Outside = Awaited<ReturnType<typeof outsideReads>>;

function compute(
  node: Node,
  step: Step,
  context: RunContext,
  outside: Outside,
  progress: ProgressCounter,
): void | Promise<void> {
  const work: Work[] = [];
  for (const at of step.variants) {
    const next = prepare(node, at, step.force, context, outside, progress);
    if (next !== null) work.push(next);
  }
  if (work.length === 0) return void progress.end();
  const rows = withRows(
    bodyLanguage(node.wordings[0]!),
    work.map(({ item }) => item),
    context,
  );
  if (rows instanceof Promise) return rows.then((items) => runWork(node, work, items, context, progress));
  return runWork(node, work, rows, context, progress);
}

/** Settles an address that needs no computation and gives the work for one that does. */
function prepare(
  node: Node,
  at: Coordinates,
  force: boolean,
  context: RunContext,
  outside: Outside,
  progress: ProgressCounter,
): Work | null {
  const { state } = context;
  const address = { cell: node.id, at };
  const text = addressText(address);
  if (state.overrides.has(text)) {
    progress.add("reused");
    return null;
  }
  // What runs by itself takes from a person's run nothing but what it does itself.
  if (!context.automatic) context.claim.take(text);
  const { key, text: parts, unsettled } = scalarKey(node, at, state.graph, sessionLookup(state));
  const before = state.results.get(text);
  const retried = context.retryErrors && before?.outcome === "error" && node.kind!.effect(node.wordings[0]!) !== "pure";
  if (!force && before !== undefined && before.key === key && unsettled.length === 0 && reusable(before) && !retried) {
    // What it reads may have come out as before: then its readers may use it again.
    context.claim.take(text);
    state.stale.delete(text);
    progress.add("reused");
    return null;
  }
  // By itself nothing runs on what is not settled, nor what a person has stopped, and what there is stays as it is.
  const stopped = !force && before?.key === key && isStopped(before);
  if (context.automatic && (unsettled.length > 0 || stopped)) return null;
  const keep = (result: Pick<LiveResult, "outcome" | "error" | "because">): null => {
    context.claim.take(text);
    context.keep({
      address,
      key,
      parts,
      value: null,
      valueHash: null,
      calls: [],
      waiting: null,
      at: context.now(),
      ...result,
    });
    progress.add(countedAs(result.outcome));
    return null;
  };
  const gathered = gather(node, (read) => scalarRead(read, at, state, outside.files));
  switch (gathered.type) {
    case "blocked":
      return keep({ outcome: "blocked", error: blockedBy(gathered), because: gathered.because });
    case "error":
      return keep({ outcome: "error", error: gathered.error, because: [] });
    case "skipped":
      return keep({ outcome: "skipped", error: null, because: [] });
    case "ready":
  }
  try {
    const inputs = Object.assign(gathered.inputs, outside.tables);
    const item = buildItem(
      node,
      at,
      { address, inputs, meta: gathered.meta, skipped: gathered.skipped, row: null, results: outside.results },
      state.graph.front,
    );
    return item === null ? keep({ outcome: "skipped", error: null, because: [] }) : { at, key, parts, item };
  } catch (thrown) {
    if (toCellError(thrown).code === skippedCode) return keep({ outcome: "skipped", error: null, because: [] });
    return keep({ outcome: "error", error: atCell(toCellError(thrown), wordingAt(node, at)), because: [] });
  }
}

/** What is worth keeping as long as its key holds; a blocked, cancelled or partial one is always tried again. */
function reusable({ outcome, waiting }: LiveResult): boolean {
  return waiting === null && (outcome === "ok" || outcome === "skipped" || outcome === "error");
}

/** Whether it was stopped on its way, with a text so far or without. */
export function isStopped({ outcome }: { readonly outcome: Outcome | null }): boolean {
  return outcome === "cancelled" || outcome === "partial";
}

export function blockedBy({ because, failed }: Extract<Gathered, { readonly type: "blocked" }>): CellError {
  const names = because.map((name) => `\`${name}\``).join(", ");
  const code = failed ? blockedByError : "cell.blocked";
  return { code, message: `blocked by ${names}`, cure: `Mend or run ${names} first.` };
}

function runWork(
  node: Node,
  work: readonly Work[],
  items: readonly Item<unknown>[],
  context: RunContext,
  progress: ProgressCounter,
): void | Promise<void> {
  const members = work.map((one, index) => (one.item === items[index] ? one : { ...one, item: items[index]! }));
  if (!needsAnswers(node, context)) return runMembers(node, members, context, progress);
  return onlyAnswered(node, members, context).then((answered) => runMembers(node, answered, context, progress));
}

function runMembers(
  node: Node,
  members: readonly Work[],
  context: RunContext,
  progress: ProgressCounter,
): void | Promise<void> {
  const { claim } = context;
  // What a person's run computes is left to it.
  const work = context.automatic ? members.filter(({ item }) => claim.take(addressText(item.address))) : members;
  if (!context.spare(node, work.length)) return void progress.end();
  if (work.length > 0) progress.begin();
  const started = performance.now();
  const end = (): void => {
    context.took(node, work.length, performance.now() - started);
    progress.end();
  };
  const waits: Promise<void>[] = [];
  for (const batch of bySource(node, work)) {
    const result = runBatch(node, batch, context, progress);
    if (result !== undefined) waits.push(result);
  }
  if (waits.length === 0) return end();
  const held = work.map(({ item }) => addressText(item.address));
  claim.hold(held);
  return Promise.all(waits).then(() => {
    claim.release(held);
    end();
  });
}

/** Work by wording: each wording is a text of its own. */
function bySource(node: Node, work: readonly Work[]): readonly (readonly Work[])[] {
  if (node.wordings.length === 1) return [work];
  const groups = new Map<string, Work[]>();
  for (const one of work) {
    const { source } = wordingAt(node, one.at);
    const group = groups.get(source);
    if (group === undefined) groups.set(source, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

function runBatch(
  node: Node,
  work: readonly Work[],
  context: RunContext,
  progress: ProgressCounter,
): void | Promise<void> {
  const { signal, services } = context;
  const cell = wordingAt(node, work[0]!.at);
  const { source } = cell;
  /** The text so far of each that is open, null once it is settled. */
  const texts: (string | null)[] = work.map(() => "");
  let open = work.length;
  const close = (index: number): boolean => {
    if (texts[index] === null || texts[index] === undefined) return false;
    texts[index] = null;
    open -= 1;
    return true;
  };
  const handle = (event: ItemEvent): void => {
    if (event.type === "error" && event.error.code === cancelledCode) return stop(event.item);
    if (event.type === "error") {
      const text = texts[event.item] ?? "";
      if (!close(event.item)) return;
      const error = { ...event, error: inFile(event.error, cell, context) };
      return settle(work[event.item]!, error, context, progress, text);
    }
    if (event.type === "text") {
      if (texts[event.item] !== null) texts[event.item] = event.text;
      context.emit({ type: "text", address: work[event.item]!.item.address, text: event.text });
    } else if (close(event.item)) settle(work[event.item]!, event, context, progress);
  };
  /** A stream that was stopped keeps its text, marked partial. */
  const stop = (index: number): void => {
    const text = texts[index] ?? "";
    close(index);
    if (text === "") return cancel(work[index]!, context, progress);
    const value: Value = { type: "string", value: text };
    settle(work[index]!, { type: "value", item: index, value, partial: true }, context, progress);
  };
  /** What is left when a batch breaks off: cancelled or partial where it was stopped, an error otherwise. */
  const breakOff = (thrown: unknown): void => {
    for (const [index, text] of texts.entries()) {
      if (text === null) continue;
      if (!signal.aborted)
        settle(
          work[index]!,
          { type: "error", item: index, error: inFile(toCellError(thrown), cell, context) },
          context,
          progress,
        );
      else stop(index);
    }
  };
  try {
    const events = node.kind!.run({ cell: node.id, source, items: work.map(({ item }) => item), signal }, services);
    if (Symbol.iterator in events) {
      for (const event of events) handle(event);
      if (open > 0) breakOff(noAnswer(node));
      return;
    }
    return drain(events, handle, signal).then(
      () => void (open > 0 && breakOff(noAnswer(node))),
      (thrown: unknown) => breakOff(thrown),
    );
  } catch (thrown) {
    breakOff(thrown);
  }
}

/** Reads the events of a batch until they end or the run is stopped. */
export async function drain(
  events: AsyncIterable<ItemEvent>,
  handle: (event: ItemEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  for await (const event of events) handle(event);
  signal.throwIfAborted();
}

export function noAnswer(node: Pick<Node, "name">): SheafError {
  return new SheafError("cell.no-result", `\`${node.name}\` ended without a result`);
}

function settle(
  work: Work,
  event: Exclude<ItemEvent, { type: "text" }>,
  context: RunContext,
  progress: ProgressCounter,
  soFar = "",
): void {
  const { item, key, parts } = work;
  const base = { address: item.address, key, parts, because: [], at: context.now() };
  if (event.type === "error" && event.error.code === skippedCode) {
    const nothing = { value: null, valueHash: null, error: null, calls: [], waiting: null };
    context.keep({ ...base, ...nothing, outcome: "skipped" });
    progress.add("done");
    return;
  }
  switch (event.type) {
    case "value": {
      const calls = event.calls ?? [];
      const value: Value = event.value;
      context.keep({
        ...base,
        outcome: event.partial === true ? "partial" : "ok",
        value,
        valueHash: valueHash(value),
        error: null,
        calls,
        waiting: null,
      });
      progress.add(event.partial === true ? "stopped" : "done", calls.length > 0 && calls.every((call) => call.cached));
      return;
    }
    case "error":
      context.keep({
        ...base,
        outcome: "error",
        // What came of an answer that broke off is there to be looked at; nothing reads it.
        value: soFar === "" ? null : { type: "string", value: soFar },
        valueHash: null,
        error: event.error,
        calls: event.calls ?? [],
        waiting: null,
      });
      progress.add("failed");
      return;
    case "waiting":
      context.keep({
        ...base,
        outcome: "blocked",
        value: null,
        valueHash: null,
        error: { code: "cell.waiting", message: event.on.message },
        calls: [],
        waiting: event.on,
      });
      progress.add("waiting");
      return;
  }
}

function cancel({ item, key, parts }: Work, context: RunContext, progress: ProgressCounter): void {
  const error: CellError = { code: cancelledCode, message: "cancelled" };
  context.keep({
    address: item.address,
    key,
    parts,
    outcome: "cancelled",
    value: null,
    valueHash: null,
    error,
    calls: [],
    because: [],
    waiting: null,
    at: context.now(),
  });
  progress.add("stopped");
}
