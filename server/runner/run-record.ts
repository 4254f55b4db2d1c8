import { isFailed } from "#server/notebook/blocked-by-error.ts";
import { canonicalJson, type CanonicalInput } from "#server/notebook/canonical-json.ts";
import { givenDatum } from "#server/notebook/given-datum.ts";
import type { Datum } from "#server/notebook/value.ts";
import { modelIdentity } from "#server/models/model-kind.ts";
import type { CellResult, RunEnd, RunStart } from "#server/store/store.ts";
import { resolveModel } from "./build-item.ts";
import { modelsOf } from "./models-of.ts";
import type { RecordedResult } from "./run-context.ts";
import { spentOn } from "./run-money.ts";
import type { Runtime } from "./runtime.ts";
import type { LiveResult, SessionState } from "./session-state.ts";

/** Items of one batch at most: enough to share the cost of a transaction, and few enough to be written while the next are computed. */
const batchSize = 1_000;

/** Milliseconds after which results are written that make no whole batch: what a run has when its process is killed. */
const resultsPatience = 200;
const recordPatience = 500;

/** Hands over what comes in batches, in order, and holds nobody up for it. */
interface Batches<One> {
  add(one: One): void;
  /** Resolves when all is written; rejects where any of it could not be. */
  flush(): Promise<void>;
}

/** `patience`: milliseconds after which a batch goes that is not full. */
function createBatches<One>(write: (batch: readonly One[]) => Promise<void>, patience: number): Batches<One> {
  let waiting: One[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<unknown> = Promise.resolve();
  const hand = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    // The store keeps their order: it need not have done the one before.
    writing = Promise.all([writing, write(waiting)]);
    // Whoever flushes is told.
    writing.catch(() => {});
    waiting = [];
  };
  return {
    add(one) {
      waiting.push(one);
      if (waiting.length >= batchSize) hand();
      else timer ??= setTimeout(hand, patience);
    },
    async flush() {
      hand();
      await writing;
    },
  };
}

interface Addressed {
  readonly address: string;
  readonly result: LiveResult;
}

function toCellResult({ address, result }: Addressed): CellResult {
  const { key, parts, outcome, value, valueHash, error, calls, at } = result;
  return { address, key, parts, outcome, value, valueHash, error, calls: calls as never, at };
}

/** Keeps results outside sheets in the store. */
export function createResultWriter(
  notebook: string,
  runtime: Runtime,
): { add(address: string, result: LiveResult): void; flush(): Promise<void> } {
  const { add, flush } = createBatches<Addressed>(
    (batch) => runtime.results.put(notebook, batch.map(toCellResult)),
    resultsPatience,
  );
  return {
    flush,
    add(address, result) {
      // What is still to come is nothing to be kept.
      if (result.outcome === "cancelled" || (result.outcome === "blocked" && !isFailed(result))) return;
      add({ address, result });
    },
  };
}

/** A run's record: its beginning, its results, its end. */
export interface Recorder {
  /** Whether there is a record of the run. */
  readonly hasBegun: boolean;
  /** Begins the record, unless it has. */
  begin(): Promise<void>;
  /** Adds a result. One that comes before the record begins is in it too, once it has. */
  add(result: RecordedResult): void;
  flush(): Promise<void>;
  end(end: RunEnd): Promise<void>;
}

/** The record of a run that begins so, as soon as it is said to be one that is recorded. */
export function createRecorder(start: () => RunStart, runtime: Runtime): Recorder {
  const { runs } = runtime.store;
  const { id } = start();
  let begun: Promise<void> | undefined;
  const batches = createBatches<RecordedResult>(
    // The store keeps the order of what it is told: results are handed over while the run computes, without a turn of its thread.
    async (batch) => void (await Promise.all([begun, runs.record(id, batch)])),
    recordPatience,
  );
  const before: RecordedResult[] = [];
  return {
    get hasBegun() {
      return begun !== undefined;
    },
    begin() {
      begun ??= runs.begin(start());
      // It is told with the first results.
      begun.catch(() => {});
      for (const result of before.splice(0)) batches.add(result);
      return begun;
    },
    add(result) {
      if (begun === undefined) before.push(result);
      else batches.add(result);
    },
    flush: () => batches.flush(),
    end: (end) => runs.end(id, end),
  };
}

/** A result as the record of its run has it. */
export function toRecord(address: string, result: LiveResult): RecordedResult {
  return {
    address,
    cellKey: result.key,
    callKeys: result.calls.map((call) => call.key),
    outcome: result.outcome,
    score: result.value?.type === "score" ? result.value.value.score : null,
    cost: spentOn(result.calls),
  };
}

/** What a run can use, in its versions. */
interface RunVersions {
  /** Dataset files by their paths: SHA-256. */
  readonly data: { readonly [path: string]: string };
  /** What models are by their full names. */
  readonly models: { readonly [name: string]: Datum };
  readonly prices: string;
}

/** The versions of the data and the models a run can use. */
export function runVersions(state: SessionState, runtime: Runtime): RunVersions & Datum {
  const models: { [name: string]: Datum } = {};
  for (const node of state.graph.nodes.values()) {
    for (const named of modelsOf(node)) {
      try {
        const { model } = resolveModel(named, state.graph.front);
        models[model] = modelIdentity(runtime.models, model);
      } catch {
        // A model nobody knows is an error of its cell when it runs; it has no version.
      }
    }
  }
  return { data: Object.fromEntries(state.files), models, prices: runtime.prices };
}

/** An input as the record of a run has it. */
export interface RecordedInput {
  readonly hash: string;
  /** What it was; absent for tables, files and what is long. */
  readonly value?: Datum;
}

/** Characters of JSON an input may have to be kept whole in a run's record. */
const longestInput = 4_000;

/** The inputs a run used, by name. */
export function inputsOf(state: SessionState): { readonly [name: string]: RecordedInput } & Datum {
  return Object.fromEntries(
    [...state.inputs].map(([name, { value, hash }]) => {
      const datum = givenDatum(value);
      const short = datum !== undefined && canonicalJson(datum as CanonicalInput).length <= longestInput;
      return [name, short ? { hash, value: datum } : { hash }];
    }),
  ) as never;
}
