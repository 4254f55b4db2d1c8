import { addressText, type Address } from "#server/notebook/address.ts";
import { failedCall } from "#server/notebook/failed-call.ts";
import { wholeOf } from "#server/notebook/part-of-cell.ts";
import type { CallFacts, ChatAnswer, ChatCall, Priority } from "#server/notebook/services.ts";
import { timeSetting, type TimeSetting } from "#server/notebook/time-setting.ts";
import type { EndsInBatch } from "#server/models/batches/batch-desk.ts";
import type { CallContext } from "#server/models/sender.ts";
import { WaitingError } from "#server/models/waiting-error.ts";
import type { ModelFileProgress } from "#server/models/files/model-file.ts";
import { cancelledError } from "./cancel-target.ts";
import { batchWait, createRunBatch } from "./run-batch.ts";
import type { RunMoney } from "./run-money.ts";
import type { Runtime } from "./runtime.ts";
import type { SessionState } from "./session-state.ts";

/** The calls of a run on their way to models, each counted when it has ended. */
export interface RunCalls {
  /** Sends a call. One that waits for its model's file tells how far that is; `onSend` is called when it is about to go out. */
  send(
    call: ChatCall & { readonly signal: AbortSignal },
    onFile: (progress: ModelFileProgress | null) => void,
    onSend?: () => void,
  ): Promise<ChatAnswer>;
  /** Follows a request that is sent otherwise: it is counted, and waited for, as those that are sent here. */
  follow(request: () => Promise<CallFacts>, signal: AbortSignal): Promise<CallFacts>;
  /** Whether the journal has its answer, as old as it may be. */
  isAnswered(call: ChatCall): Promise<boolean>;
  /** Whether somebody waits for an address, or for all the rows it is one of. */
  priorityOf(address: Address | undefined): Priority;
  /** Sends what was gathered for batches; rejects where that goes beyond a budget, or the provider takes it not. */
  submit(signal: AbortSignal): Promise<void>;
  /** Resolves when no call is out any more, and counts what was stopped on its way: its provider may have charged for it. */
  settle(): Promise<void>;
}

export interface RunCallsSettings {
  readonly run: string;
  readonly state: SessionState;
  /** Whether one result alone was asked for. */
  readonly isOne: boolean;
  /** Whether every answer is asked for anew. */
  readonly again: boolean;
  /** Addresses whose answers are asked for anew. */
  readonly anew: ReadonlySet<string>;
  /** Whether the age of an answer does not matter. */
  readonly anyAge: boolean;
  /** Whether calls go into batches where they can. */
  readonly batch: boolean;
  /** Calls that go into none; those that were cancelled there are stopped. */
  readonly wereInBatch: EndsInBatch;
  /** The most the run may spend, US dollars; null for no bound. */
  readonly budget: number | null;
  readonly signal: AbortSignal;
}

export function createRunCalls(
  runtime: Runtime,
  run: RunCallsSettings & {
    /** What its budget has lost, US dollars. */
    readonly spent: () => number;
  },
  money: RunMoney,
): RunCalls {
  const sheetOf = (cell: string): string | null => run.state.graph.nodes.get(cell)?.sheet ?? null;
  const budgetLeft = (): number | null => (run.budget === null ? null : Math.max(0, run.budget - run.spent()));
  const gathered = run.batch
    ? createRunBatch(runtime, {
        ...{ run: run.run, notebook: run.state.path, wereInBatch: run.wereInBatch },
        ...{ budgetLeft, sheetOf },
      })
    : null;
  let out = 0;
  let stoppedCalls = 0;
  let landed: (() => void) | undefined;

  const isAnew = ({ address }: ChatCall): boolean => run.again || run.anew.has(addressText(address));

  /** The oldest answer a call takes from the journal, in milliseconds; null for any age. That of its batch is the one it waited for. */
  async function oldest(call: ChatCall): Promise<number | null> {
    if (isAnew(call)) return 0;
    const age = run.anyAge ? null : ageOf(call.address, run.state);
    if (age === null || run.wereInBatch.size === 0) return age;
    return run.wereInBatch.get(await runtime.caller.callKey(call)) === "done" ? null : age;
  }

  async function isAnswered(call: ChatCall): Promise<boolean> {
    const age = await oldest(call);
    if (age === 0) return false;
    return (await runtime.caller.findCached([call], age ?? undefined))[0] !== null;
  }

  /** A call that a batch will answer is not paid for a second time, unless its answer is asked for anew. */
  async function waitForBatch(call: ChatCall): Promise<void> {
    if (runtime.models.chatModel(call.model).batches === undefined) return;
    const wait = await runtime.batches.waitOf(() => runtime.caller.callKey(call));
    if (wait !== null) throw new WaitingError(batchWait(wait, call.model));
  }

  /** What was cancelled in its batch is as stopped as one that was stopped here. */
  async function stopCancelled(call: ChatCall): Promise<void> {
    if (run.wereInBatch.size === 0) return;
    if (run.wereInBatch.get(await runtime.caller.callKey(call)) === "cancelled" && !(await isAnswered(call)))
      throw cancelledError(call.address);
  }

  async function counted<Answer>(answer: Promise<Answer>, factsOf: (answer: Answer) => CallFacts): Promise<Answer> {
    try {
      money.count(factsOf(await answer));
      return await answer;
    } catch (thrown) {
      const failed = failedCall(thrown);
      // An equal call that failed answered nothing.
      if (failed?.cached === false) money.count(failed);
      throw thrown;
    }
  }

  /** Waits for a request that goes out, and counts it. */
  async function followed<Answer>(
    request: () => Promise<Answer>,
    factsOf: (answer: Answer) => CallFacts,
    signal: AbortSignal,
  ): Promise<Answer> {
    out += 1;
    try {
      return await counted(request(), factsOf);
    } finally {
      out -= 1;
      if (signal.aborted) stoppedCalls += 1;
      if (out === 0) landed?.();
    }
  }

  /** Rows of a sheet let others go first, unless somebody asked for one of them alone. */
  function priorityOf(address: Address | undefined): Priority {
    const isRow = address !== undefined && run.state.graph.nodes.get(address.cell)?.sheet != null;
    return isRow && !run.isOne ? "batch" : "interactive";
  }

  return {
    async send(call, onFile, onSend) {
      const maximumAge = await oldest(call);
      if (!isAnew(call)) await waitForBatch(call);
      await stopCancelled(call);
      if (gathered !== null && (await gathered.takes(call)) && !(await isAnswered(call)))
        throw new WaitingError(
          await gathered.add({ ...call, address: publicAddress(call.address) }, keptFor(call.address, run.state)),
        );
      const context = {
        notebook: run.state.path,
        run: run.run,
        priority: priorityOf(call.address),
        ...(maximumAge === null ? {} : { maximumAge }),
        ...keptFor(call.address, run.state),
        onFile,
        ...(onSend === undefined ? {} : { onSend }),
      };
      const placed = { ...call, address: publicAddress(call.address) };
      return followed(
        () => runtime.caller.chat(placed, context),
        (answer) => answer.call,
        call.signal,
      );
    },
    follow: (request, signal) => followed(request, (facts) => facts, signal),
    isAnswered,
    priorityOf,
    async submit(signal) {
      await gathered?.submit(signal);
    },
    async settle() {
      if (out > 0) await new Promise<void>((resolve) => (landed = resolve));
      if (stoppedCalls === 0) return;
      for (const { end } of await runtime.journal.list({ run: run.run, limit: mostStopped, bodies: false }))
        if (end?.state === "cancelled") money.count({ cached: false, cost: end.cost, usage: end.usage });
    },
  };
}

/** Calls of a run that are looked through for those that were stopped: the newest are among them. */
const mostStopped = 10_000;

/** The oldest answer an address takes from the journal, in milliseconds; null for any age. */
export function ageOf({ cell }: Pick<Address, "cell">, state: SessionState): number | null {
  return settingOf(cell, "cache", state);
}

/** For how many milliseconds what is sent for an address stays in the journal; as long as the workspace keeps it where absent. */
export function keptFor({ cell }: Pick<Address, "cell">, state: SessionState): Pick<CallContext, "keep"> {
  const keep = settingOf(cell, "keep", state);
  return keep === null ? {} : { keep };
}

/** A cell's setting that is a time, in milliseconds; null where it has none. */
function settingOf(cell: string, key: TimeSetting, { graph }: SessionState): number | null {
  return timeSetting(key, graph.nodes.get(cell)?.wordings[0]!.configuration.values[key]);
}

/** The address as people write it: repeats that are reduced are computed under a name of their own. */
export function publicAddress({ cell, at }: Address): Address {
  return { cell: wholeOf(cell), at };
}
