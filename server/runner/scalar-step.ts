import { blockedByError } from "#server/notebook/blocked-by-error.ts";
import { bodyLanguage } from "#server/notebook/body-language.ts";
import { addressText, type Coordinates } from "#server/notebook/address.ts";
import type { Item } from "#server/notebook/cell-kind.ts";
import { wordingAt } from "#server/notebook/cell-key.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import type { Step } from "#server/notebook/plan.ts";
import { scalarKey } from "#server/notebook/scalar-key.ts";
import { toCellError } from "#server/notebook/sheaf-error.ts";
import { isOfAnswer } from "#server/notebook/unfit-answer.ts";
import type { CellError } from "#server/notebook/value.ts";
import { isTriedAgain } from "./is-tried-again.ts";
import { buildItem } from "./build-item.ts";
import { gather, scalarRead, skippedCode, type Gathered } from "./node-values.ts";
import { atCell } from "./in-file.ts";
import { needsAnswers, onlyAnswered } from "./only-answered.ts";
import { outsideReads, withRows } from "./outside-reads.ts";
import type { RunContext } from "./run-context.ts";
import type { Outcome } from "./run-event.ts";
import { runScalarBatch, type ScalarWork } from "./scalar-batch.ts";
import { sessionLookup } from "./session-lookup.ts";
import type { LiveResult } from "./session-state.ts";
import { countedAs, startProgress, type ProgressCounter } from "./progress.ts";

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
  const work: ScalarWork[] = [];
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
  if (!(rows instanceof Promise)) return runWork(node, work, rows, context, progress);
  return rows.then(
    (items) => runWork(node, work, items, context, progress),
    (thrown: unknown) => failWork(node, work, thrown, context, progress),
  );
}

/** Tables that cannot be read row by row are the error of what reads them. */
function failWork(
  node: Node,
  work: readonly ScalarWork[],
  thrown: unknown,
  context: RunContext,
  progress: ProgressCounter,
): void {
  const nothing = { value: null, valueHash: null, calls: [], because: [], waiting: null };
  for (const { at, key, parts, item } of work) {
    context.claim.take(addressText(item.address));
    const error = atCell(toCellError(thrown), wordingAt(node, at));
    context.keep({ address: item.address, key, parts, ...nothing, outcome: "error", error, at: context.now() });
    progress.add("failed");
  }
  progress.end();
}

/** Settles an address that needs no computation and gives the work for one that does. */
function prepare(
  node: Node,
  at: Coordinates,
  force: boolean,
  context: RunContext,
  outside: Outside,
  progress: ProgressCounter,
): ScalarWork | null {
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
  const retried = isTriedAgain(node, before?.outcome, () => before!.error, context.retryErrors);
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
  const found = itemAt(node, at, context, outside);
  if ("item" in found) {
    if (context.retryErrors === true && unsettled.length === 0 && isUnfit(before, key)) context.anew.add(text);
    return { at, key, parts, item: found.item };
  }
  context.claim.take(text);
  const nothing = { value: null, valueHash: null, calls: [], waiting: null };
  context.keep({ address, key, parts, ...nothing, at: context.now(), ...found });
  progress.add(countedAs(found.outcome));
  return null;
}

/** What an address is computed with, or how it comes out without being computed. */
function itemAt(
  node: Node,
  at: Coordinates,
  { state }: RunContext,
  outside: Outside,
): { readonly item: Item<unknown> } | Pick<LiveResult, "outcome" | "error" | "because"> {
  const skipped = { outcome: "skipped", error: null, because: [] } as const;
  const gathered = gather(node, at, (read) => scalarRead(read, at, state, outside.files));
  switch (gathered.type) {
    case "blocked":
      return { outcome: "blocked", error: blockedBy(gathered), because: gathered.because };
    case "error":
      return { outcome: "error", error: gathered.error, because: [] };
    case "as its part":
      return { outcome: gathered.outcome, error: gathered.error, because: gathered.because };
    case "skipped":
      return skipped;
    case "ready":
  }
  try {
    const inputs = Object.assign(gathered.inputs, outside.tables);
    const { meta, skipped: without } = gathered;
    const address = { cell: node.id, at };
    const { results, covered } = outside;
    const reads = { address, inputs, meta, skipped: without, row: null, results, covered };
    const item = buildItem(node, at, reads, state.graph.front);
    return item === null ? skipped : { item };
  } catch (thrown) {
    if (toCellError(thrown).code === skippedCode) return skipped;
    return { outcome: "error", error: atCell(toCellError(thrown), wordingAt(node, at)), because: [] };
  }
}

/** What is worth keeping as long as its key holds; a blocked, cancelled or partial one is always tried again. */
function reusable({ outcome, waiting }: LiveResult): boolean {
  return waiting === null && (outcome === "ok" || outcome === "skipped" || outcome === "error");
}

/** Whether a result is the error of an answer to what would be asked now. */
export function isUnfit(result: LiveResult | undefined, key: string): boolean {
  return result?.outcome === "error" && result.key === key && isOfAnswer(result.error);
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
  work: readonly ScalarWork[],
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
  members: readonly ScalarWork[],
  context: RunContext,
  progress: ProgressCounter,
): void | Promise<void> {
  const { claim } = context;
  // What a person's run computes is left to it.
  const work = context.automatic ? members.filter(({ item }) => claim.take(addressText(item.address))) : members;
  if (work.length === 0 || !context.spare(node, work.length)) return void progress.end();
  progress.begin();
  const started = performance.now();
  const end = (): void => {
    context.took(node, work.length, performance.now() - started);
    progress.end();
  };
  const waits: Promise<void>[] = [];
  for (const batch of bySource(node, work)) {
    const result = runScalarBatch(node, batch, context, progress);
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

/** ScalarWork by wording: each wording is a text of its own. */
function bySource(node: Node, work: readonly ScalarWork[]): readonly (readonly ScalarWork[])[] {
  if (node.wordings.length === 1) return [work];
  const groups = new Map<string, ScalarWork[]>();
  for (const one of work) {
    const { source } = wordingAt(node, one.at);
    const group = groups.get(source);
    if (group === undefined) groups.set(source, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}
