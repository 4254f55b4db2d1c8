import { remember } from "#server/models/remember.ts";
import { isAtLeast } from "#server/notebook/is-at-least.ts";

/** What calls are alike by: those of one place are, as far as their sizes are. */
export interface GateKind {
  readonly model: string;
  /** The cell and labels it is for; calls of a model without one are of one place. */
  readonly place?: string;
  /** How long its request is, in any unit that all calls of the model have. */
  readonly size?: number;
}

/** A call that may cost something. */
export interface GateCall extends GateKind {
  /** US dollars that a call is expected to cost where none of its place was answered yet; 0 where that is not worked out. */
  readonly first?: number;
  /** US dollars a call may cost, asked for where answers of its place came without a cost; null where its price is not known. */
  expect(): Promise<number | null>;
}

/** What lets a run's calls out as long as there is money for them. */
export interface SpendingGate {
  /**
   * Resolves when one more call may go out: at the mean cost of its place's answers before, and as much more as its request is longer than
   * theirs, all that are out and it stay within the limit. Resolves with why where it never may, and rejects when the signal aborts. The
   * first call of a place goes with no other such one of its model until it is answered, since nobody knows yet what it costs, and not
   * where what it is expected to cost, or what others of its model did by their size, is more than there is.
   */
  enter(signal: AbortSignal, call: GateCall): Promise<"open" | "budget" | "not-confirmed">;
  /**
   * A call has ended; its cost in US dollars, null where it is not known: it counts at what one like it is expected to cost. What
   * failed says nothing of what an answer costs.
   */
  leave(call: GateKind, cost: number | null, isAnswer: boolean): void;
  /** Has calls that would take the run beyond `limit` US dollars ask; a yes raises it to what has been spent and as much again. */
  confirmBeyond(limit: number, ask: () => Promise<boolean>): void;
  /** US dollars that are spent, and of how many calls in it nobody knows more than what they were expected to cost. */
  spent(): { readonly cost: number; readonly estimated: number };
}

/** How many calls, and their sizes together. */
interface Some {
  count: number;
  size: number;
}

/** What is known of the calls of a model and place in a run. */
interface OfPlace {
  readonly model: string;
  readonly out: Some;
  /** Answers with a cost, and what they cost together. */
  readonly paid: Some;
  cost: number;
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
  const ofPlace = ({ model, place = "" }: GateKind): OfPlace =>
    remember(places, JSON.stringify([model, place]), () => ({
      model,
      out: { count: 0, size: 0 },
      paid: { count: 0, size: 0 },
      cost: 0,
      uncounted: { count: 0, size: 0 },
      guess: undefined,
      guessing: undefined,
      expect: undefined,
    }));
  /** What some calls are expected to cost together; undefined where nothing is known of their place. */
  const expectedOf = (
    { paid, cost, guess }: Pick<OfPlace, "paid" | "cost" | "guess">,
    some: Some,
  ): number | undefined =>
    paid.count === 0
      ? guess === undefined
        ? undefined
        : guess * some.count
      : (cost / paid.count) * Math.max(some.count, some.size / (paid.size / paid.count));
  /** What other places of its model say of a call's cost by its size; undefined where none has an answer. */
  const expectedOfModel = (model: string, some: Some): number | undefined => {
    const all = { paid: { count: 0, size: 0 }, cost: 0, guess: undefined };
    for (const one of places.values()) {
      if (one.model !== model) continue;
      add(all.paid, one.paid.count, one.paid.size);
      all.cost += one.cost;
    }
    return expectedOf(all, some);
  };
  const sumOf = (which: "out" | "uncounted"): number => {
    let sum = 0;
    for (const one of places.values())
      if (one[which].count > 0) sum += expectedOf(one, one[which]) ?? expectedOfModel(one.model, one[which]) ?? 0;
    return sum;
  };
  const spent = (): number => known + sumOf("uncounted");
  const fits = (limit: number, one: OfPlace, { model, size = 1, first = 0 }: GateCall): boolean => {
    const call = { count: 1, size };
    const expected = expectedOf(one, call);
    const goingOut = spent() + sumOf("out");
    // What costs nothing, or nobody knows what, is not held up.
    if (expected !== undefined) return expected === 0 || isAtLeast(limit, goingOut + expected);
    const isAlone = [...places.values()].every(
      (other) => other.model !== model || other.out.count === 0 || expectedOf(other, call) !== undefined,
    );
    return isAlone && limit > 0 && isAtLeast(limit, goingOut + Math.max(first, expectedOfModel(model, call) ?? 0));
  };

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
        const inBudget = budget === null || fits(budget, one, call);
        const inConfirmed = confirmed === null || fits(confirmed.limit, one, call);
        if (inBudget && inConfirmed) {
          add(one.out, 1, call.size);
          one.expect ??= () => call.expect();
          return "open";
        }
        if ([...places.values()].some(({ out }) => out.count > 0))
          await new Promise<void>((resolve) => waiting.push(resolve));
        else if (!inBudget) return "budget";
        else if (!(await askAgain())) return "not-confirmed";
      }
    },
    leave(call, cost, isAnswer) {
      const one = ofPlace(call);
      const { size = 1 } = call;
      add(one.out, -1, -size);
      known += cost ?? 0;
      if (cost === null) {
        add(one.uncounted, 1, size);
        // What cannot be worked out is as if nobody knew the price.
        if ((budget ?? confirmed) !== null) one.guessing ??= one.expect!().catch(() => null);
      }
      if (isAnswer && cost !== null) {
        add(one.paid, 1, size);
        one.cost += cost;
      }
      changed();
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
