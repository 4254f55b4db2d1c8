import { addressText } from "#server/notebook/address.ts";
import { planRun, type Plan, type RowScope, type Scope } from "#server/notebook/plan.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { CellResult } from "#server/store/store.ts";
import { createEventLog } from "./event-log.ts";
import { resolveModel } from "./build-item.ts";
import { estimatePlan, type Estimate } from "./estimate.ts";
import { modelsOf } from "./models-of.ts";
import type { Datum } from "#server/notebook/value.ts";
import { placedFromCell } from "./error-place.ts";
import { executePlan } from "./execute-plan.ts";
import type { RunContext } from "./run-context.ts";
import type { RunEvent } from "./run-event.ts";
import { createRunServices, type Money, type RunServices } from "./run-services.ts";
import type { Runtime } from "./runtime.ts";
import type { LiveResult, SessionState } from "./session-state.ts";

export interface RunOptions {
  readonly rows?: { readonly [sheet: string]: RowScope };
  readonly everySheet?: RowScope;
  /** The most this run may spend, US dollars. */
  readonly budget?: number;
  /** Asked before calls that may cost more than the workspace's threshold, and again where the truth goes beyond. */
  readonly confirm?: (estimate: Estimate) => Promise<boolean>;
  /** Errors of cells that call something are tried again. */
  readonly retryErrors?: boolean;
  readonly onEvent?: (event: RunEvent) => void;
}

export interface Run {
  readonly id: string;
  /** Events from a sequence on, those to come included; ends with `run-end`. */
  events(after?: number): AsyncIterable<RunEvent>;
  readonly done: Promise<RunReport>;
  cancel(): void;
}

export interface RunReport {
  readonly outcome: "done" | "cancelled" | "budget" | "failed" | "waiting";
  readonly money: Money;
}

/** US dollars an estimate may reach without being confirmed. */
export const confirmAbove = 0.5;

/** Starts a run of a scope: plan, free steps, estimate, confirmation, the rest; all of it recorded. */
export function startRun(state: SessionState, scope: Scope, runtime: Runtime, options: RunOptions): Run {
  const id = runtime.newId();
  const abort = new AbortController();
  const log = createEventLog(id, options.onEvent);
  const plan = planRun(state.graph, scope, {
    effect: (node) => runtime.effectOf(node, state.graph.front),
    ...(options.rows === undefined ? {} : { rows: options.rows }),
    ...(options.everySheet === undefined ? {} : { everySheet: options.everySheet }),
  });
  const done = work(id, state, plan, runtime, options, abort, log);
  done.catch(() => {});
  return {
    id,
    events: log.events,
    done,
    cancel: () => abort.abort(new SheafError("run.cancelled", "the run was cancelled")),
  };
}

async function work(
  id: string,
  state: SessionState,
  plan: Plan,
  runtime: Runtime,
  options: RunOptions,
  abort: AbortController,
  log: ReturnType<typeof createEventLog>,
): Promise<RunReport> {
  const services = createRunServices(runtime, {
    run: id,
    notebook: state.path,
    budget: options.budget ?? null,
    signal: abort.signal,
    emit: log.emit,
  });
  const waiting = new Map<string, LiveResult>();
  const results = createResultWriter(state.path, runtime);
  const record = createRecorder(id, runtime);
  const context: RunContext = {
    state,
    services: services.services,
    tables: runtime.tables,
    signal: abort.signal,
    retryErrors: options.retryErrors ?? false,
    allCached: async (calls) => (await runtime.caller.findCached(calls)).every((answer) => answer !== null),
    emit(news) {
      if (news.type === "waiting") services.sawWaiting(news.on);
      log.emit(news);
    },
    keep(result) {
      const text = addressText(result.address);
      state.results.set(text, result);
      state.stale.delete(text);
      if (result.waiting !== null) {
        waiting.set(text, result);
        context.emit({ type: "waiting", address: result.address, on: result.waiting });
      }
      log.emit({ type: "result", address: result.address, outcome: result.outcome, error: result.error });
      results.add(placedFromCell(result, state.graph));
      record.add([toRecord(result)]);
    },
    record: (rows) => record.add(rows),
    now: runtime.now,
  };

  await runtime.store.runs.begin({
    id,
    notebook: state.path,
    text: state.notebook.text,
    versions: runVersions(state, runtime),
    scope: plan.scope as never,
    inputs: inputsOf(state),
    startedAt: runtime.now(),
  });
  log.emit({ type: "run-start", steps: plan.steps.map(({ node }) => node) });
  let outcome: RunReport["outcome"] = "done";
  try {
    const paid = plan.steps.some(({ effect }) => effect === "paid");
    if (paid) outcome = await confirmed(plan, context, runtime, options, services);
    if (outcome === "done") await executePlan(plan, context);
    if (abort.signal.aborted) outcome = "cancelled";
    else if (services.budgetReached()) outcome = "budget";
    else if (services.waitingSeen().length > 0) outcome = "waiting";
  } catch (thrown) {
    outcome = abort.signal.aborted ? "cancelled" : "failed";
    if (outcome === "failed") throw thrown;
  } finally {
    await results.flush();
    await record.flush();
    await keepWaits(state.path, waiting, runtime);
    const money = services.money();
    services.tell();
    await runtime.store.runs.end(id, {
      outcome,
      endedAt: runtime.now(),
      cost: money.unpriced > 0 ? null : money.cost,
      callsMade: money.made,
      callsCached: money.cached,
    });
    log.emit({ type: "run-end", outcome });
    log.close();
  }
  return { outcome, money: services.money() };
}

/** Runs what costs nothing first, so that the estimate knows the requests; then asks where it is over the threshold. */
async function confirmed(
  plan: Plan,
  context: RunContext,
  runtime: Runtime,
  options: RunOptions,
  services: RunServices,
): Promise<"done" | "cancelled"> {
  const calling = new Set<string>();
  const free = plan.steps.filter((step) => {
    const after = step.needs.some((id) => calling.has(id));
    if (after || step.effect === "paid" || step.effect === "model" || step.effect === "external")
      calling.add(step.node);
    return !calling.has(step.node);
  });
  await executePlan({ ...plan, steps: free }, context);
  const estimate = await estimatePlan(plan, context, runtime.caller.estimate);
  context.emit({ type: "estimate", estimate });
  const risky = estimate.known.cost.high > confirmAbove || estimate.known.unpriced.length > 0;
  const { confirm } = options;
  if (confirm === undefined) return "done";
  if (risky && !(await confirm(estimate))) return "cancelled";
  services.confirmBeyond(Math.max(estimate.known.cost.high, confirmAbove), async () =>
    confirm(await estimatePlan(plan, context, runtime.caller.estimate)),
  );
  return "done";
}

/** Writes results to the store many at once, and never holds a step up for it. */
function createResultWriter(
  notebook: string,
  runtime: Runtime,
): { add(result: LiveResult): void; flush(): Promise<void> } {
  let waiting = new Map<string, CellResult>();
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();
  const write = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.size === 0) return;
    const batch = [...waiting.values()];
    waiting = new Map();
    writing = writing.then(() => runtime.results.put(notebook, batch));
    writing.catch(() => {});
  };
  return {
    add(result) {
      if (result.outcome !== "ok" && result.outcome !== "error" && result.outcome !== "skipped") return;
      const { address, waiting: _, because: __, ...rest } = result;
      const text = addressText(address);
      waiting.set(text, { ...rest, address: text, calls: rest.calls as never });
      timer ??= setTimeout(write, 200);
    },
    async flush() {
      write();
      await writing;
    },
  };
}

function createRecorder(
  run: string,
  runtime: Runtime,
): { add(results: Parameters<RunContext["record"]>[0]): void; flush(): Promise<void> } {
  let waiting: Parameters<RunContext["record"]>[0][number][] = [];
  let writing = Promise.resolve();
  const write = (): void => {
    if (waiting.length === 0) return;
    const batch = waiting;
    waiting = [];
    writing = writing.then(() => runtime.store.runs.record(run, batch));
    writing.catch(() => {});
  };
  return {
    add(results) {
      waiting.push(...results);
      if (waiting.length >= 20_000) write();
    },
    async flush() {
      write();
      await writing;
    },
  };
}

function toRecord(result: LiveResult): Parameters<RunContext["record"]>[0][number] {
  const unpriced = result.calls.some((call) => call.cost === null);
  return {
    address: addressText(result.address),
    cellKey: result.key,
    callKeys: result.calls.map((call) => call.key),
    outcome: result.outcome,
    score: result.value?.type === "score" ? result.value.value.score : null,
    cost: unpriced ? null : result.calls.reduce((total, call) => total + (call.cached ? 0 : call.cost!), 0),
  };
}

async function keepWaits(notebook: string, waiting: ReadonlyMap<string, LiveResult>, runtime: Runtime): Promise<void> {
  for (const [address, { waiting: on }] of waiting) {
    if (on !== null)
      await runtime.store.waits.add({
        notebook,
        address,
        reason: on.reason,
        subject: on.subject,
        message: on.message,
        since: runtime.now(),
      });
  }
}

/** The versions of the data and the models a run can use. */
function runVersions(state: SessionState, runtime: Runtime): Datum {
  const models: { [name: string]: Datum } = {};
  for (const node of state.graph.nodes.values()) {
    for (const named of modelsOf(node)) {
      try {
        const { model } = resolveModel(named, state.graph.front);
        models[model] = runtime.models.chatModel(model).identity;
      } catch {
        // A model nobody knows is an error of its cell when it runs; it has no version.
      }
    }
  }
  return { data: Object.fromEntries(state.files), models, prices: runtime.prices };
}

function inputsOf(state: SessionState): never {
  return Object.fromEntries([...state.inputs].map(([name, { hash }]) => [name, hash])) as never;
}
