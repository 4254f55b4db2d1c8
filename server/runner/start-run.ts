import { setMaxListeners } from "node:events";
import type { RunEstimate } from "#server/store/store.ts";
import { addressText, parseAddress } from "#server/notebook/address.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import { planRun, type Plan, type RowScope, type Scope, type Step } from "#server/notebook/plan.ts";
import { isPartOfSheet, wholeOf } from "#server/notebook/part-of-cell.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { RetryErrors } from "#server/notebook/unfit-answer.ts";
import { automaticTime } from "./automatic-time.ts";
import { saysAuto } from "./automation.ts";
import type { CancelTarget } from "./cancel-target.ts";
import type { CellGrant, CellGrants } from "./cell-grants.ts";
import { confirmed, freeSteps, withoutRetries } from "./confirm-run.ts";
import { createEventLog } from "./event-log.ts";
import { deriveFreshness } from "./derive-freshness.ts";
import type { EndsInBatch } from "#server/models/batches/batch-desk.ts";
import { placedFromCell } from "./error-place.ts";
import { estimatePlan, runEstimate, type Estimate } from "./estimate.ts";
import { executePlan } from "./execute-plan.ts";
import { readFileVersions } from "./file-versions.ts";
import { needsAnswers } from "./only-answered.ts";
import { planningServices } from "./planning-services.ts";
import { ageOf } from "./run-calls.ts";
import type { RecordedResult, RunContext } from "./run-context.ts";
import type { RunEvent } from "./run-event.ts";
import type { Money } from "./run-money.ts";
import { runMoment } from "./run-moment.ts";
import { createRecorder, createResultWriter, inputsOf, runVersions, toRecord, type Recorder } from "./run-record.ts";
import { createRunServices, type RunServices } from "./run-services.ts";
import { createRunWaits } from "./run-waits.ts";
import type { Runtime } from "./runtime.ts";
import { nameOf } from "./session-grants.ts";
import type { SessionState } from "./session-state.ts";
import { createStepStops } from "./step-stops.ts";

export interface RunOptions {
  readonly rows?: { readonly [sheet: string]: RowScope };
  readonly everySheet?: RowScope;
  /** The most this run may spend, US dollars. */
  readonly budget?: number;
  /** Asked before calls that may cost more than the workspace's threshold, and again where the truth goes beyond. */
  readonly confirm?: (estimate: Estimate) => Promise<boolean>;
  /** The estimate is told also where nothing is paid for. */
  readonly tellCalls?: boolean;
  /** Errors of cells that call something are tried again; those of answers that did not fit ask for others, where they are too. */
  readonly retryErrors?: RetryErrors;
  /** Calls of models that have batches are sent together, for half the price, and their results wait until that is collected. */
  readonly batch?: boolean;
  /** Calls that go into no batch again, as one has ended. Those that were cancelled there are stopped, the others without an answer sent. */
  readonly wereInBatch?: EndsInBatch;
  /** Every answer is asked for anew, also where the journal has one. */
  readonly again?: boolean;
  /** Answers of any age are taken from the journal, whatever the cell says. */
  readonly anyAge?: boolean;
  /** The time the run's SQL and code see, milliseconds since 1970; that of its beginning where nothing is given. */
  readonly clock?: number;
  /** What their random numbers begin from, from 0 to 2^32 - 1; made of the run's id where nothing is given. A run's record has both. */
  readonly seed?: number;
  /** Nobody is there to be asked or told: no estimate is worked out first. */
  readonly unattended?: boolean;
  readonly onEvent?: (event: RunEvent) => void;
}

export interface Run {
  readonly id: string;
  /** Events from a sequence on, those to come included; ends with `run-end`. */
  events(after?: number): AsyncIterable<RunEvent>;
  readonly done: Promise<RunReport>;
  /** Stops the run, or of it one cell, one row or one variant; what is finished is kept, and a stream's text so far as partial. */
  cancel(target?: CancelTarget): void;
}

export interface RunReport {
  readonly outcome: "done" | "cancelled" | "budget" | "failed" | "waiting";
  readonly money: Money;
  /** What was said of it before its calls went out; null where nothing was. */
  readonly estimate: RunEstimate | null;
}

/** A run that goes its way: its context, and how it is stopped in part. */
interface Running {
  readonly id: string;
  readonly record: Recorder;
  readonly plan: Plan;
  readonly context: RunContext;
  readonly services: RunServices;
  /** Writes everything there is to keep. */
  flush(): Promise<void>;
}

/** Starts a run of a scope: plan, free steps, estimate, confirmation, the rest; all of it recorded. */
export function startRun(live: SessionState, scope: Scope, runtime: Runtime, options: RunOptions): Run {
  const state = asOfNow(live);
  // What these read is not gone over: whether it is stale must be known beforehand.
  if (scope.type === "only" || scope.type === "address") deriveFreshness(state);
  return startPlan(state, planOf(state, scope, runtime, options), runtime, options, false);
}

/** What a run of a scope would send as things stand. Nothing is run for it, so what hangs on cells that are not settled is open. */
export async function estimateRun(
  live: SessionState,
  scope: Scope,
  runtime: Runtime,
  options: RunOptions,
): Promise<Estimate> {
  const state = asOfNow(live);
  deriveFreshness(state);
  const context = { state, tables: runtime.tables, retryErrors: options.retryErrors ?? false };
  return estimatePlan(planOf(state, scope, runtime, options), context, runtime, options);
}

/** Shows the answer that is chosen for a result, from the journal: nothing is sent. */
export async function showAnswer(address: string, live: SessionState, runtime: Runtime): Promise<void> {
  const scope = { type: "address", address: parseAddress(address) } as const;
  const state = asOfNow(live);
  deriveFreshness(state);
  await startPlan(state, planOf(state, scope, runtime, {}), runtime, { anyAge: true }, true).done;
}

function planOf(state: SessionState, scope: Scope, runtime: Runtime, options: RunOptions): Plan {
  return planRun(state.graph, scope, {
    effect: (node) => runtime.effectOf(node, state.graph.front),
    ...(options.rows === undefined ? {} : { rows: options.rows }),
    ...(options.everySheet === undefined ? {} : { everySheet: options.everySheet }),
  });
}

/** Starts a run of a plan made before, on a state that is this run's alone. */
export function startPlanned(state: SessionState, plan: Plan, runtime: Runtime, options: RunOptions): Run {
  return startPlan(state, plan, runtime, options, false);
}

/** Starts a run that nobody asked for: it leaves a record only where it calls a model, and what may not run by itself stays as it is. */
export function startAutomatic(
  live: SessionState,
  plan: Plan,
  grants: CellGrants,
  runtime: Runtime,
  options: RunOptions,
): Run {
  return startPlan(asOfNow(live), plan, runtime, options, true, grants);
}

/** The state as a run sees it: edits and inputs that come later are not its own, results are everybody's. */
export function asOfNow(live: SessionState): SessionState {
  return { ...live, inputs: new Map(live.inputs) };
}

function startPlan(
  state: SessionState,
  { steps, ...planned }: Plan,
  runtime: Runtime,
  options: RunOptions,
  automatic: boolean,
  grants: CellGrants | null = null,
): Run {
  // What reaches outside is done where somebody asked for it, and never else.
  const plan = { ...planned, steps: automatic ? steps.filter(({ effect }) => effect !== "external") : steps };
  const id = runtime.newId();
  const startedAt = runtime.now();
  const moment = runMoment(id, startedAt, options);
  const abort = new AbortController();
  // Every step and every call listens.
  setMaxListeners(0, abort.signal);
  const log = createEventLog(id, options.onEvent);
  const anew = new Set<string>();
  const stops = createStepStops(abort.signal);
  const grantOf = (node: Node): CellGrant | null =>
    grants !== null && saysAuto(node) ? grants.of(nameOf(node)) : null;
  const services = createRunServices(runtime, {
    run: id,
    state,
    moment,
    automatic,
    isOne: plan.scope.type === "address",
    grantOf,
    budget: options.budget ?? null,
    again: options.again ?? false,
    anew,
    anyAge: options.anyAge ?? false,
    batch: options.batch ?? false,
    wereInBatch: options.wereInBatch ?? new Map(),
    signal: abort.signal,
    emit: log.emit,
  });
  const waits = createRunWaits(plan, state, runtime, (node) => needsAnswers(node, context));
  const results = createResultWriter(state.path, runtime);
  const record = createRecorder(
    () => ({
      id,
      notebook: state.path,
      text: state.notebook.text,
      versions: runVersions(state, runtime),
      scope: (automatic ? { type: "automatic" } : plan.scope) as never,
      inputs: inputsOf(state),
      startedAt,
      ...moment,
    }),
    runtime,
  );
  /** A run that nobody asked for is recorded where it called a model: a person finds who spent what. */
  const add = (result: RecordedResult): void => {
    if (automatic && !record.hasBegun && services.money().made > 0) void record.begin();
    record.add(result);
  };
  const claim = state.claims.begin(automatic);
  const calls = (node: Node): boolean => runtime.useOf(node, state.graph.front).calls;
  const context: RunContext = {
    state,
    services: services.services,
    withEmbeddings: services.withEmbeddings,
    planning: planningServices(runtime),
    tables: runtime.tables,
    signal: abort.signal,
    retryErrors: options.retryErrors ?? false,
    anew,
    automatic,
    callsModels: calls,
    grantOf,
    claim,
    broken: new Set(),
    async inJournal(node, calls) {
      const age = options.anyAge === true ? null : ageOf({ cell: wholeOf(node.id) }, state);
      if (age === 0) return calls.map(() => false);
      return (await runtime.caller.findCached(calls, age ?? undefined)).map((answer) => answer !== null);
    },
    step(node) {
      const signal = stops.signalOf(node);
      return signal === null ? null : signal === abort.signal ? context : { ...context, signal };
    },
    emit(news) {
      if (news.type === "waiting") {
        services.sawWaiting(news.on);
        waits.add(news.address, news.on);
      }
      log.emit(news);
    },
    keep(result) {
      const text = addressText(result.address);
      // What decides whether a sheet is computed, and its list of rows, are told by the sheet.
      if (!isPartOfSheet(result.address.cell)) add(toRecord(text, result));
      if (claim.isLost(text)) return;
      state.results.set(text, result);
      state.stale.delete(text);
      if (result.waiting !== null) context.emit({ type: "waiting", address: result.address, on: result.waiting });
      log.emit({ type: "result", address: result.address, outcome: result.outcome, error: result.error });
      results.add(text, placedFromCell(result, state.graph));
    },
    record(rows) {
      for (const row of rows) add(row);
    },
    ...automaticTime(state, automatic, calls),
    now: runtime.now,
  };
  const running: Running = {
    id,
    record,
    plan,
    context,
    services,
    async flush() {
      await Promise.all([results.flush(), record.flush(), waits.flush()]);
    },
  };
  const done = work(running, runtime, options).finally(() => {
    claim.end();
    log.close();
  });
  // Whoever waits for it is told.
  done.catch(() => {});
  return {
    id,
    events: log.events,
    done,
    cancel(target) {
      if (target === undefined) return abort.abort(new SheafError("run.cancelled", "the run was cancelled"));
      services.cancel(target);
      if (target.at === undefined) stops.stop(target.cell);
    },
  };
}

async function work(running: Running, runtime: Runtime, options: RunOptions): Promise<RunReport> {
  const { plan, context, services, record } = running;
  const { state, signal, automatic } = context;
  const calls = ({ node }: Step): boolean => context.callsModels(state.graph.nodes.get(node)!);
  if (!automatic) {
    // The record says them before any step has looked.
    await readFileVersions(context);
    await record.begin();
  }
  context.emit({ type: "run-start", steps: plan.steps.map(({ node }) => node) });
  let outcome: RunReport["outcome"] = "done";
  let estimate: RunEstimate | null = null;
  try {
    const attended = !automatic && options.unattended !== true;
    const paid = attended && plan.steps.some(({ effect }) => effect === "paid");
    const told = attended && options.tellCalls === true && plan.steps.some(calls);
    const free = paid ? freeSteps(plan) : told ? freeSteps(plan, calls) : [];
    if (paid || told) {
      const asked = await confirmed(plan, free, context, runtime, options, services);
      outcome = asked.outcome;
      estimate = runEstimate(asked.estimate);
    }
    if (outcome === "done") await executePlan(plan, withoutRetries(context, free));
    if (outcome === "done" && !signal.aborted) await services.submit(signal);
    if (signal.aborted) outcome = "cancelled";
    else if (services.budgetReached()) outcome = "budget";
    else if (services.waitingSeen().length > 0) outcome = "waiting";
  } catch (thrown) {
    outcome = signal.aborted ? "cancelled" : "failed";
    if (outcome === "failed") throw thrown;
  } finally {
    await running.flush();
    await services.settle();
    const money = services.money();
    services.tell();
    if (record.hasBegun)
      await record.end({
        outcome,
        endedAt: runtime.now(),
        cost: money.cost,
        unpriced: money.unpriced,
        callsMade: money.made,
        callsCached: money.cached,
        input: money.input,
        output: money.output,
        estimate,
      });
    context.emit({ type: "run-end", outcome });
  }
  return { outcome, money: services.money(), estimate };
}
