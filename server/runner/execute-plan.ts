import type { Plan, Step } from "#server/notebook/plan.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import { atCell } from "./in-file.ts";
import { createSheetRuns } from "./sheet-run.ts";
import { runScalarStep } from "./scalar-step.ts";
import type { RunContext } from "./run-context.ts";
import { toCellError } from "#server/notebook/sheaf-error.ts";
import { addressText } from "#server/notebook/address.ts";
import { startProgress } from "./progress.ts";
import { brokenKey } from "./broken-key.ts";
import { isLost } from "./is-lost.ts";
import { forgetFrame } from "./open-frame.ts";

/**
 * Runs the steps of a plan, each as soon as those it needs are done; columns of one sheet go side by side, chunk by chunk.
 * Steps that need not wait for anything run at once, in a loop. Resolves when all are done; a step that breaks leaves an error
 * at its addresses and never rejects. Where the cache is deleted meanwhile, what was in it is made once more: its calls are in the journal.
 */
export async function executePlan(plan: Plan, context: RunContext): Promise<void> {
  for (let left = passes - 1; (await passOver(plan, context, left === 0)) === "lost"; left -= 1) {
    if (context.signal.aborted) return;
    for (const sheet of context.state.graph.sheets.values()) forgetFrame(sheet);
  }
}

/** Nobody deletes the cache more often than this while a run goes on. */
const passes = 4;

/** One pass over all steps; `lost` where rows of a sheet went meanwhile, which the last pass leaves as an error. */
async function passOver(plan: Plan, context: RunContext, isLast: boolean): Promise<"done" | "lost"> {
  const sheets = createSheetRuns(context, isLast);
  const { nodes, sheets: known } = context.state.graph;
  const running = new Map<string, Promise<void>>();
  let outcome: "done" | "lost" = "done";

  /** When each column of a sheet has begun: from then on those that read it wait for it by chunks. */
  const begun = new Map<string, Promise<void>>();

  for (const step of plan.steps) {
    if (context.signal.aborted) break;
    const node = nodes.get(step.node)!;
    const waits = running.size === 0 ? [] : waitsOf(step, node);
    const ready = waits.length === 0 ? null : Promise.all(waits);
    const started = ready === null ? start(step, node) : startAfter(ready, step, node);
    if (started === undefined) continue;
    if (node.sheet !== null) begun.set(step.node, ready === null ? Promise.resolve() : ready.then(() => {}));
    track(step.node, started);
  }
  await Promise.all(running.values());
  return outcome;

  /** Runs a step; one that breaks leaves its error. Nothing is made for a step that is done at once: there may be thousands. */
  function start(step: Step, node: Node): void | Promise<void> {
    const own = context.signal.aborted ? null : context.step(node);
    if (own === null) return;
    try {
      const started = startOf(step, node, own);
      return started?.catch((thrown: unknown) => fail(step, thrown, own));
    } catch (thrown) {
      fail(step, thrown, own);
    }
  }

  function fail(step: Step, thrown: unknown, own: RunContext): void {
    if (!isLast && isLost(thrown)) outcome = "lost";
    else failStep(step, thrown, own);
  }

  function startOf(step: Step, node: Node, own: RunContext): void | Promise<void> {
    if (known.has(step.node)) return sheets.table(step);
    return node.sheet === null ? runScalarStep(step, own) : sheets.column(step, own).finished;
  }

  function startAfter(ready: Promise<unknown>, step: Step, node: Node): Promise<void> {
    return ready.then(() => start(step, node));
  }

  function track(id: string, step: Promise<void>): void {
    running.set(id, step);
    void step.then(() => running.delete(id));
  }

  function waitsOf(step: Step, node: Node): readonly Promise<void>[] {
    return step.needs.flatMap((id) => waitFor(step, node, id) ?? []);
  }

  /** What a step waits for before it begins: another step's end, or of a column of the same sheet its beginning. */
  function waitFor(step: Step, node: Node, id: string): Promise<void> | undefined {
    const bySide = node.sheet !== null && nodes.get(id)?.sheet === node.sheet && !readsAll(step, id);
    return bySide ? begun.get(id) : running.get(id);
  }

  /** Whether a column reads all of another of its own sheet, and not only its row of it. */
  function readsAll(step: Step, id: string): boolean {
    return nodes.get(step.node)!.reads.some((read) => read.type === "results" && read.node === id);
  }
}

/** Leaves the error of a step that broke as a whole at each of its addresses outside sheets, or at its sheet's own. */
function failStep(step: Step, thrown: unknown, context: RunContext): void {
  // What nobody asked for fails when somebody does.
  if (context.signal.aborted || context.automatic) return;
  const { graph } = context.state;
  const node = graph.nodes.get(step.node)!;
  const owner = node.sheet === null ? node : graph.nodes.get(node.sheet)!;
  const variants = node.sheet === null ? step.variants : [{}];
  const progress = startProgress(owner.id, variants.length, context.emit);
  for (const at of variants) {
    const { key, text } = brokenKey(owner, at, context.state);
    const address = { cell: owner.id, at };
    context.keep({
      address,
      key,
      parts: text,
      outcome: "error",
      value: null,
      valueHash: null,
      error: atCell(toCellError(thrown), owner.wordings[0]!),
      calls: [],
      because: [addressText(address)],
      waiting: null,
      at: context.now(),
    });
    if (!context.broken.has(addressText(address))) progress.add("failed");
    context.broken.add(addressText(address));
  }
  progress.end();
}
