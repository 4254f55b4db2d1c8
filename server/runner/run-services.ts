import { addressText, type Address } from "#server/notebook/address.ts";
import { cacheAge } from "#server/notebook/cache-age.ts";
import type { WaitingOn } from "#server/notebook/cell-kind.ts";
import type { CallFacts, ChatAnswer, ChatCall, Services } from "#server/notebook/services.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Spending } from "#server/models/spending.ts";
import { WaitingError } from "#server/models/waiting-error.ts";
import { chosenAnswer } from "./alternatives.ts";
import type { RunNews } from "./run-event.ts";
import type { Runtime } from "./runtime.ts";
import type { SessionState } from "./session-state.ts";
import { createSpendingGate } from "./spending-gate.ts";

/** What a run has spent. */
export interface Money extends Spending {
  /** Tokens in and out of the calls made, as far as their providers count them. */
  readonly input: number;
  readonly output: number;
}

/** A cell of which a run is to stop, or one of its results alone. */
export interface CancelTarget {
  readonly cell: string;
  /** Coordinates the results to be stopped agree with: a sheet's row under its name, axes. */
  readonly at?: Address["at"];
}

export interface RunServices {
  readonly services: Services;
  money(): Money;
  /** Tells what has been spent up to now. */
  tell(): void;
  budgetReached(): boolean;
  /** Has further calls ask again before the run spends more than was confirmed. */
  confirmBeyond(limit: number, ask: () => Promise<boolean>): void;
  /** Stops the calls for a target, those in flight and those to come. */
  cancel(target: CancelTarget): void;
  /** Resolves when no call is out any more, and counts what was stopped on its way: its provider may have charged for it. */
  settle(): Promise<void>;
  sawWaiting(on: WaitingOn): void;
  waitingSeen(): readonly WaitingOn[];
}

/** What of a call's facts its run counts. */
type SpentCall = Pick<CallFacts, "cached" | "cost" | "usage">;

export interface RunServicesSettings {
  readonly run: string;
  readonly state: SessionState;
  readonly budget: number | null;
  /** Whether every answer is asked for anew. */
  readonly again: boolean;
  /** Whether the age of an answer does not matter. */
  readonly anyAge: boolean;
  readonly signal: AbortSignal;
  readonly emit: (news: RunNews) => void;
}

/** The services of one run: what it spends is counted, and no call goes out beyond its budget. */
export function createRunServices(runtime: Runtime, run: RunServicesSettings): RunServices {
  const money = { made: 0, cached: 0, cost: 0, unpriced: 0, input: 0, output: 0 };
  const waiting: WaitingOn[] = [];
  const gate = createSpendingGate(run.budget, run.signal);
  const cancelled: CancelTarget[] = [];
  const inFlight = new Map<ChatCall, AbortController>();
  let limited = run.budget !== null;
  let reached = false;
  let told = 0;
  let stoppedCalls = 0;
  let landed: (() => void) | undefined;

  const tell = (): void => run.emit({ type: "money", ...money });
  const count = (call: SpentCall): void => {
    if (call.cached) money.cached += 1;
    else {
      money.made += 1;
      money.input += call.usage.input ?? 0;
      money.output += call.usage.output ?? 0;
      if (call.cost === null) money.unpriced += 1;
      else money.cost += call.cost;
    }
    const now = performance.now();
    if (now - told < 100) return;
    told = now;
    tell();
  };

  async function send(call: ChatCall): Promise<ChatAnswer> {
    const maximumAge = oldest(call);
    const context = { notebook: run.state.path, run: run.run, ...(maximumAge === null ? {} : { maximumAge }) };
    const controller = new AbortController();
    const outer = call.signal ?? run.signal;
    const stop = (): void => controller.abort(outer.reason);
    outer.addEventListener("abort", stop, { once: true });
    if (outer.aborted) stop();
    inFlight.set(call, controller);
    try {
      const answer = await runtime.caller.chat(
        { ...call, address: publicAddress(call.address), signal: controller.signal },
        context,
      );
      count(answer.call);
      return answer;
    } catch (thrown) {
      const facts = factsOf(thrown);
      if (facts !== null) count(facts);
      throw thrown;
    } finally {
      outer.removeEventListener("abort", stop);
      inFlight.delete(call);
      if (controller.signal.aborted) stoppedCalls += 1;
      if (inFlight.size === 0) landed?.();
    }
  }

  /** The oldest answer a call takes from the journal, in milliseconds; null for any age. */
  function oldest({ address }: ChatCall): number | null {
    if (run.again) return 0;
    return run.anyAge ? null : ageOf(address, run.state);
  }

  /** Sends what costs something only while there is money for it. */
  async function sendWithin(call: ChatCall): Promise<ChatAnswer> {
    const paid = runtime.models.chatModel(call.model).effect === "paid";
    if (!paid || (await answered(call))) return send(call);
    const state = await gate.enter();
    if (state !== "open") {
      reached = true;
      throw new WaitingError(outOfMoney(state, run.budget, money.cost));
    }
    let cost: number | null = 0;
    try {
      const answer = await send(call);
      cost = answer.call.cached ? 0 : answer.call.cost;
      return answer;
    } catch (thrown) {
      cost = factsOf(thrown)?.cost ?? 0;
      throw thrown;
    } finally {
      gate.leave(cost);
    }
  }

  async function answered(call: ChatCall): Promise<boolean> {
    const age = oldest(call);
    if (age === 0) return false;
    return (await runtime.caller.findCached([call], age ?? undefined))[0] !== null;
  }

  const services: Services = {
    ...runtime.services,
    async chat(call) {
      if (cancelled.some((target) => isOf(call.address, target))) throw cancelledError(call.address);
      const chosen = run.again ? null : await chosenAnswer(call, run.state, runtime);
      if (chosen !== null) {
        count(chosen.call);
        return chosen;
      }
      return limited ? sendWithin(call) : send(call);
    },
  };
  return {
    services,
    tell,
    money: () => ({ ...money }),
    confirmBeyond(limit, ask) {
      limited = true;
      gate.confirmBeyond(limit, ask);
    },
    cancel(target) {
      cancelled.push(target);
      for (const [{ address }, controller] of inFlight)
        if (isOf(address, target)) controller.abort(cancelledError(address));
    },
    async settle() {
      if (inFlight.size > 0) await new Promise<void>((resolve) => (landed = resolve));
      if (stoppedCalls === 0) return;
      for (const { end } of await runtime.journal.list({ run: run.run, limit: mostStopped }))
        if (end?.state === "cancelled") count({ cached: false, cost: end.cost, usage: end.usage });
    },
    budgetReached: () => reached,
    sawWaiting: (on) => void waiting.push(on),
    waitingSeen: () => waiting,
  };
}

/** Calls of a run that are looked through for those that were stopped: the newest are among them. */
const mostStopped = 10_000;

/** The code of a result that was stopped by itself, while its run goes on. */
export const cancelledCode = "cell.cancelled";

function cancelledError(address: Address): SheafError {
  return new SheafError(cancelledCode, `${addressText(address)} was cancelled`);
}

/** Whether an address is of a target: of its cell, or of the repeats the cell is made of, at the coordinates given. */
export function isOf(address: Address, { cell, at = {} }: CancelTarget): boolean {
  return (
    (address.cell === cell || address.cell === `${cell}#each`) &&
    Object.entries(at).every(([dimension, label]) => address.at[dimension] === label)
  );
}

/** The oldest answer an address takes from the journal, in milliseconds; null for any age. */
export function ageOf({ cell }: Pick<Address, "cell">, { graph }: SessionState): number | null {
  const configured = graph.nodes.get(cell)?.wordings[0]!.configuration.values["cache"];
  return configured === undefined ? null : cacheAge(configured);
}

/** What a failed call came to, where something was sent. */
function factsOf(thrown: unknown): SpentCall | null {
  const { facts } = thrown as { readonly facts?: { readonly call?: SpentCall } };
  return facts?.call ?? null;
}

function outOfMoney(state: "budget" | "not-confirmed", budget: number | null, spent: number): WaitingOn {
  const kept = "what was paid for is kept";
  return state === "budget"
    ? { reason: "budget", subject: `$${budget}`, message: `the run's budget of $${budget} is spent; ${kept}` }
    : {
        reason: "budget",
        subject: `$${spent.toFixed(2)}`,
        message: `the run has spent $${spent.toFixed(2)} and would go beyond what was confirmed; ${kept}`,
      };
}

/** The address as people write it: repeats that are reduced are computed under a name of their own. */
function publicAddress({ cell, at }: Address): Address {
  return { cell: cell.replace(/#each$/, ""), at };
}
