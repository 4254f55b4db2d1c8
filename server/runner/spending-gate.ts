import { remember } from "#server/models/remember.ts";
import { isAtLeast } from "#server/notebook/is-at-least.ts";

/** A call that may cost something. */
export interface GateCall {
  readonly model: string;
  /** The cell and labels it is for: calls of one place are alike, as far as their sizes are. Calls of a model without one are of one place. */
  readonly place?: string;
  /** How long its request is, in any unit that all calls of the model have. */
  readonly size?: number;
  /** US dollars that a call is expected to cost where none of its place was answered yet; 0 where that is not worked out. */
  readonly first?: number;
  /** US dollars it may cost by what else is known, asked for where its length says it costs more than others did, or those came without a cost; null where its price is not known. */
  expect(): Promise<number | null>;
}

/** What lets a run's calls out as long as there is money for them. */
export interface SpendingGate {
  /**
   * Resolves when one more call may go out: all that are out and it stay within the limit where each costs as much as the dearest of its place's
   * answers before, or more by how much longer its request is than theirs, or what it is expected to cost where that is less. Where nothing else is
   * out, it is their mean that has to. Under a budget no more of a place are out than of it were answered, since a few answers say little of the
   * next. Resolves with why where it never may, and rejects when the signal aborts. Under a budget the
   * first call of a place goes with no other such one of its model until it is answered, since nobody knows yet what it costs, and otherwise with none of
   * its place: what was estimated of all of them was agreed to. It does not go
   * where what it is expected to cost, or what others of its model did by their size, is more than there is.
   */
  enter(signal: AbortSignal, call: GateCall): Promise<"open" | "budget" | "not-confirmed">;
  /** Whether a call that was let out may leave now, as it has its turn: others were answered since. Where it may not, it leaves the gate and enters anew. */
  mayLeave(call: GateCall): boolean;
  /**
   * A call, the very one that was let out, has ended; its cost in US dollars, null where it is not known: it counts at what one like it is expected to cost. What
   * failed says nothing of what an answer costs.
   */
  leave(call: GateCall, cost: number | null, isAnswer: boolean): void;
  /** US dollars that the next call like this one is expected to cost, as far as anything is known of it. */
  next(call: GateCall): number;
  /** Has calls that would take the run beyond `limit` US dollars ask; a yes raises it to what has been spent and as much again. */
  confirmBeyond(limit: number, ask: () => Promise<boolean>): void;
  /** US dollars that are spent, and of how many calls in it nobody knows more than what they were expected to cost. */
  spent(): { readonly cost: number; readonly estimated: number };
}

/** Requests that are so much longer than others at the most are as those are. */
const alike = 1.2;

/** How many calls, and their sizes together. */
interface Some {
  count: number;
  size: number;
}

/** What is known of the calls of a model and place in a run. */
interface OfPlace {
  readonly model: string;
  /** Let out, also those that wait for their turn. */
  readonly out: Some;
  /** Those of them that have left. */
  readonly sent: Some;
  /** Answers with a cost, and what they cost together. */
  readonly paid: Some;
  cost: number;
  /** What the dearest of them cost, as if its request had been no longer than those before. */
  dearest: number;
  /** Calls that ended without a cost. */
  readonly uncounted: Some;
  /** What a call is expected to cost where some ended without a cost; undefined while there is none of those. */
  guess: number | undefined;
  guessing: Promise<number | null> | undefined;
  expect: GateCall["expect"] | undefined;
}

/** A gate with a budget in US dollars, null for none. */
export function createSpendingGate(budget: number | null): SpendingGate {
  let known = 0;
  const places = new Map<string, OfPlace>();
  let confirmed: { limit: number; readonly ask: () => Promise<boolean>; asking: Promise<boolean> | null } | null = null;
  let waiting: (() => void)[] = [];
  const heard = new WeakSet<AbortSignal>();
  const changed = (): void => {
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };
  const ofPlace = ({ model, place = "" }: GateCall): OfPlace =>
    remember(places, JSON.stringify([model, place]), () => ({
      model,
      out: { count: 0, size: 0 },
      sent: { count: 0, size: 0 },
      paid: { count: 0, size: 0 },
      cost: 0,
      dearest: 0,
      uncounted: { count: 0, size: 0 },
      guess: undefined,
      guessing: undefined,
      expect: undefined,
    }));
  /** What some calls are expected to cost together; undefined where nothing is known of their place. */
  const expectedOf = (
    { paid, cost, guess }: Pick<OfPlace, "paid" | "cost" | "guess">,
    some: Some,
  ): number | undefined => {
    if (paid.count > 0) return (cost / paid.count) * Math.max(some.count, some.size / (paid.size / paid.count));
    return guess === undefined ? undefined : guess * some.count;
  };
  /** The answers of all places of a model. */
  const ofModel = (model: string): Pick<OfPlace, "paid" | "cost" | "guess"> => {
    const all = { paid: { count: 0, size: 0 }, cost: 0, guess: undefined };
    for (const one of places.values()) {
      if (one.model !== model) continue;
      add(all.paid, one.paid.count, one.paid.size);
      all.cost += one.cost;
    }
    return all;
  };
  /** How many times the mean the dearest of a place was. */
  const caution = ({ paid, cost, dearest }: OfPlace): number =>
    cost > 0 ? Math.max(1, dearest / (cost / paid.count)) : 1;
  const sumOf = (which: "out" | "sent" | "uncounted"): number => {
    let sum = 0;
    for (const one of places.values())
      if (one[which].count > 0) {
        const expected = expectedOf(one, one[which]) ?? expectedOf(ofModel(one.model), one[which]) ?? 0;
        sum += which === "uncounted" ? expected : expected * caution(one);
      }
    return sum;
  };
  const spent = (): number => known + sumOf("uncounted");
  const left = new WeakSet<GateCall>();
  /** The size a call counts with: its own, or that at which others cost what it is expected to. */
  const counted = new WeakMap<GateCall, number>();
  const sizeOf = (call: GateCall): number => counted.get(call) ?? call.size ?? 1;
  /** Where a call is longer than others were, and so would cost more, asks what it is expected to cost. */
  async function look(one: OfPlace, call: GateCall): Promise<void> {
    const all = one.paid.count > 0 ? one : ofModel(call.model);
    const { paid, cost } = all;
    const { size = 1 } = call;
    const mean = paid.size / paid.count;
    if (paid.count === 0 || cost === 0 || size <= alike * mean) return;
    const expected = await call.expect().catch(() => null);
    if (expected !== null) counted.set(call, Math.min(size, Math.max(1, expected / (cost / paid.count)) * mean));
  }

  /** Whether a call fits beside those that are `among` the others. */
  const fits = (limit: number, one: OfPlace, call: GateCall, among: "out" | "sent", bound: "budget" | "confirmed") => {
    const { model } = call;
    const some = { count: 1, size: sizeOf(call) };
    const expected = expectedOf(one, some);
    // What costs nothing, or nobody knows what, is not held up.
    if (expected === 0) return true;
    const others = [...places.values()].filter((other) => other[among].count > 0);
    const goingOut = spent() + sumOf(among);
    if (expected !== undefined) return isAtLeast(limit, goingOut + expected * (others.length === 0 ? 1 : caution(one)));
    const isAlone =
      bound === "confirmed"
        ? one[among].count === 0
        : others.every((other) => other.model !== model || expectedOf(other, some) !== undefined);
    return isAlone && limit > 0 && isAtLeast(limit, goingOut + firstOf(call, some));
  };
  /** What a call of a place nobody knows is expected to cost, by what it says itself and by others of its model. */
  const firstOf = ({ model, first = 0 }: GateCall, some: Some): number =>
    Math.max(first, expectedOf(ofModel(model), some) ?? 0);
  /** Whether no more of its place are out than are known, or they cost nothing. */
  const areFew = (one: OfPlace): boolean =>
    one.out.count < Math.max(1, one.paid.count + one.uncounted.count) || expectedOf(one, one.out) === 0;
  const fitsAll = (one: OfPlace, call: GateCall, among: "out" | "sent") => ({
    inBudget: budget === null || fits(budget, one, call, among, "budget"),
    inConfirmed: confirmed === null || fits(confirmed.limit, one, call, among, "confirmed"),
  });

  async function askAgain(): Promise<boolean> {
    const current = confirmed!;
    current.asking ??= current.ask();
    const yes = await current.asking;
    if (yes && current.asking !== null) {
      current.limit = Math.max(current.limit, spent()) * 2;
      current.asking = null;
      changed();
    }
    return yes;
  }

  return {
    async enter(signal, call) {
      const one = ofPlace(call);
      if (!heard.has(signal)) signal.addEventListener("abort", changed, { once: true });
      heard.add(signal);
      for (;;) {
        signal.throwIfAborted();
        for (const each of places.values()) if (each.guessing !== undefined) each.guess ??= (await each.guessing) ?? 0;
        if (one.out.count === 0 || one.paid.count > 0) await look(one, call);
        const { inBudget, inConfirmed } = fitsAll(one, call, "out");
        if (inBudget && inConfirmed && (budget === null || areFew(one))) {
          add(one.out, 1, sizeOf(call));
          one.expect ??= () => call.expect();
          return "open";
        }
        if ([...places.values()].some(({ out }) => out.count > 0))
          await new Promise<void>((resolve) => waiting.push(resolve));
        else if (!inBudget) return "budget";
        else if (!(await askAgain())) return "not-confirmed";
      }
    },
    mayLeave(call) {
      const one = ofPlace(call);
      const { inBudget, inConfirmed } = fitsAll(one, call, "sent");
      if (!inBudget || !inConfirmed) return false;
      if (!left.has(call)) add(one.sent, 1, sizeOf(call));
      left.add(call);
      return true;
    },
    leave(call, cost, isAnswer) {
      const one = ofPlace(call);
      add(one.out, -1, -sizeOf(call));
      if (left.delete(call)) add(one.sent, -1, -sizeOf(call));
      known += cost ?? 0;
      if (cost === null) {
        add(one.uncounted, 1, sizeOf(call));
        // What cannot be worked out is as if nobody knew the price.
        if ((budget ?? confirmed) !== null) one.guessing ??= one.expect!().catch(() => null);
      }
      if (isAnswer && cost !== null) {
        const mean = one.paid.count === 0 ? sizeOf(call) : one.paid.size / one.paid.count;
        one.dearest = Math.max(one.dearest, cost / Math.max(1, (call.size ?? 1) / mean));
        add(one.paid, 1, call.size);
        one.cost += cost;
      }
      changed();
    },
    next(call) {
      const some = { count: 1, size: sizeOf(call) };
      return expectedOf(ofPlace(call), some) ?? firstOf(call, some);
    },
    confirmBeyond(limit, ask) {
      confirmed = { limit, ask, asking: null };
    },
    spent: () => ({
      cost: spent(),
      estimated: [...places.values()].reduce(
        (sum, one) => sum + (expectedOf(one, one.uncounted) ? one.uncounted.count : 0),
        0,
      ),
    }),
  };
}

function add(to: Some, count: number, size = 1): void {
  to.count += count;
  to.size += size;
}
