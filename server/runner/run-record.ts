import { isFailed } from "#server/notebook/blocked-by-error.ts";
import type { Datum } from "#server/notebook/value.ts";
import type { CellResult } from "#server/store/store.ts";
import { resolveModel } from "./build-item.ts";
import { modelsOf } from "./models-of.ts";
import type { RecordedResult } from "./run-context.ts";
import type { Runtime } from "./runtime.ts";
import type { LiveResult, SessionState } from "./session-state.ts";

/** Items of one batch at most: enough to share the cost of a transaction, and few enough to be written while the next are computed. */
const batchSize = 2_000;

/** Hands over what comes in batches, in order, and holds nobody up for it. */
interface Batches<One> {
  add(one: One): void;
  /** Resolves when all is written; rejects where any of it could not be. */
  flush(): Promise<void>;
}

/** `patience`: milliseconds after which a batch goes that is not full; without it, it waits for the flush. */
function createBatches<One>(write: (batch: readonly One[]) => Promise<void>, patience?: number): Batches<One> {
  let waiting: One[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<unknown> = Promise.resolve();
  const hand = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    // The store keeps their order: it need not have done the one before.
    writing = Promise.all([writing, write(waiting)]);
    writing.catch(() => {});
    waiting = [];
  };
  return {
    add(one) {
      waiting.push(one);
      if (waiting.length >= batchSize) hand();
      else if (patience !== undefined) timer ??= setTimeout(hand, patience);
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
    200,
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

/** Adds results to the run's record. */
export function createRecorder(
  run: string,
  runtime: Runtime,
): { add(result: RecordedResult): void; flush(): Promise<void> } {
  return createBatches((batch) => runtime.store.runs.record(run, batch));
}

/** A result as the record of its run has it. */
export function toRecord(address: string, result: LiveResult): RecordedResult {
  const unpriced = result.calls.some((call) => call.cost === null);
  return {
    address,
    cellKey: result.key,
    callKeys: result.calls.map((call) => call.key),
    outcome: result.outcome,
    score: result.value?.type === "score" ? result.value.value.score : null,
    cost: unpriced ? null : result.calls.reduce((total, call) => total + (call.cached ? 0 : call.cost!), 0),
  };
}

/** The versions of the data and the models a run can use. */
export function runVersions(state: SessionState, runtime: Runtime): Datum {
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

/** The hashes of the inputs a run used, by name. */
export function inputsOf(state: SessionState): never {
  return Object.fromEntries([...state.inputs].map(([name, { hash }]) => [name, hash])) as never;
}
