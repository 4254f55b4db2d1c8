import { addressText, type Address } from "#server/notebook/address.ts";
import { cacheAge } from "#server/notebook/cache-age.ts";
import type { WaitingOn } from "#server/notebook/cell-kind.ts";
import type { CallFacts, ChatAnswer, ChatCall, Moment, Priority, Services } from "#server/notebook/services.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { ModelFileProgress } from "#server/models/files/model-file.ts";
import type { Spending } from "#server/models/spending.ts";
import { WaitingError } from "#server/models/waiting-error.ts";
import type { Node } from "#server/notebook/graph-node.ts";
import { chosenAnswer } from "./alternatives.ts";
import type { CellGrant } from "./cell-grants.ts";
import { momentAt } from "./run-moment.ts";
import { createPreparations } from "./preparations.ts";
import type { Preparation, RunNews } from "./run-event.ts";
import type { Runtime } from "./runtime.ts";
import { nameOf } from "./session-grants.ts";
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
  readonly moment: Moment;
  /** Whether nobody asked for the run, and the grant on which a node's calls go out all the same. */
  readonly automatic: boolean;
  /** Whether one result alone was asked for. */
  readonly isOne: boolean;
  readonly grantOf: (node: Node) => CellGrant | null;
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
  const gate = createSpendingGate(run.budget);
  const cancelled: CancelTarget[] = [];
  const inFlight = new Map<ChatCall, AbortController>();
  let limited = run.budget !== null;
  let reached = false;
  let told = 0;
  let stoppedCalls = 0;
  let landed: (() => void) | undefined;

  const preparations = createPreparations(run.emit);
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
    const context = {
      notebook: run.state.path,
      run: run.run,
      priority: priorityOf(call.address),
      ...(maximumAge === null ? {} : { maximumAge }),
      onFile: (file: ModelFileProgress | null) => preparations.tell(call.address.cell, fetched(file)),
    };
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
    if (!isPaid(call) || (await answered(call))) return send(call);
    const state = await gate.enter(run.signal);
    if (state !== "open") throw waitForMoney(outOfMoney(state, run.budget, money.cost));
    return sendFor(call, (cost) => gate.leave(cost));
  }

  /** Sends what nobody asked for: what the journal answers, and else as long as its cell has a grant with money left. */
  async function sendUnasked(call: ChatCall): Promise<ChatAnswer> {
    if (await answered(call)) return send(call);
    const node = run.state.graph.nodes.get(call.address.cell)!;
    const grant = run.grantOf(node);
    if (grant === null) throw waitForMoney(grantWait(node, "it has no grant"));
    if (!isPaid(call)) return send(call);
    const granted = `its grant of $${grant.budget}`;
    const { unpriced, cost } = await runtime.caller.estimate([call]);
    if (unpriced.length > 0) throw waitForMoney(grantWait(node, `${granted} cannot bound what ${call.model} costs`));
    const state = await grant.gate.enter(call.signal ?? run.signal, cost.likely);
    if (state !== "open") throw waitForMoney(grantWait(node, `${granted} is spent`));
    if (run.grantOf(node) === grant) return sendFor(call, (cost) => grant.book(cost));
    await grant.book(0);
    throw waitForMoney(grantWait(node, `${granted} was taken back or replaced`));
  }

  /** Sends a call and tells what it cost, US dollars, null where that is not known. */
  async function sendFor(call: ChatCall, pay: (cost: number | null) => void | Promise<void>): Promise<ChatAnswer> {
    let cost: number | null = 0;
    try {
      const answer = await send(call);
      cost = answer.call.cached ? 0 : answer.call.cost;
      return answer;
    } catch (thrown) {
      cost = factsOf(thrown)?.cost ?? 0;
      throw thrown;
    } finally {
      await pay(cost);
    }
  }

  function isPaid({ model }: ChatCall): boolean {
    return runtime.models.chatModel(model).effect === "paid";
  }

  function waitForMoney(on: WaitingOn): WaitingError {
    reached = true;
    return new WaitingError(on);
  }

  /** Rows of a sheet let others go first, unless somebody asked for one of them alone. */
  function priorityOf(address: Address | undefined): Priority {
    const isRow = address !== undefined && run.state.graph.nodes.get(address.cell)?.sheet != null;
    return isRow && !run.isOne ? "batch" : "interactive";
  }

  function momentOf({ address }: { readonly address?: Address }): Moment {
    return address === undefined ? run.moment : momentAt(run.moment, publicAddress(address));
  }

  async function answered(call: ChatCall): Promise<boolean> {
    const age = oldest(call);
    if (age === 0) return false;
    return (await runtime.caller.findCached([call], age ?? undefined))[0] !== null;
  }

  const services: Services = {
    ...runtime.services,
    async nearest(call) {
      const node = call.address?.cell;
      if (node === undefined) return runtime.services.nearest(call);
      const priority = priorityOf(call.address);
      const onIndex = (done: number, total: number): void =>
        preparations.tell(node, { what: "indexing", subject: call.text, done, total });
      try {
        return await runtime.services.nearest({ ...call, priority, onIndex });
      } finally {
        preparations.tell(node, null);
      }
    },
    embed: (call) => runtime.services.embed({ ...call, priority: priorityOf(call.address) }),
    query: (call) => runtime.services.query({ ...call, moment: momentOf(call) }),
    javascript: (call) => runtime.services.javascript({ ...call, moment: momentOf(call) }),
    async chat(call) {
      if (cancelled.some((target) => isOf(call.address, target))) throw cancelledError(call.address);
      const chosen = run.again ? null : await chosenAnswer(call, run.state, runtime);
      if (chosen !== null) {
        count(chosen.call);
        return chosen;
      }
      if (run.automatic) return sendUnasked(call);
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

function fetched(file: ModelFileProgress | null): Preparation | null {
  if (file === null) return null;
  const { name: subject, phase, bytes: done, total } = file;
  return { what: phase === "downloading" ? "fetching" : "checking", subject, done, total };
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

function grantWait(node: Node, why: string): WaitingOn {
  const name = nameOf(node);
  const message = `\`${name}\` does not run by itself any more: ${why}; what was paid for is kept`;
  return { reason: "budget", subject: `grant of ${name}`, message };
}

/** The address as people write it: repeats that are reduced are computed under a name of their own. */
function publicAddress({ cell, at }: Address): Address {
  return { cell: cell.replace(/#each$/, ""), at };
}
