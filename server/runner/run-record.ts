import { addressText } from "#server/notebook/address.ts";
import type { Datum } from "#server/notebook/value.ts";
import type { CellResult } from "#server/store/store.ts";
import { resolveModel } from "./build-item.ts";
import { modelsOf } from "./models-of.ts";
import type { RunContext } from "./run-context.ts";
import type { Runtime } from "./runtime.ts";
import type { LiveResult, SessionState } from "./session-state.ts";

/** Writes results to the store many at once, and never holds a step up for it. */
export function createResultWriter(
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
      if (result.outcome === "blocked" || result.outcome === "cancelled") return;
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

/** Adds results to the run's record many at once. */
export function createRecorder(
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

/** A result as the record of its run has it. */
export function toRecord(result: LiveResult): Parameters<RunContext["record"]>[0][number] {
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
