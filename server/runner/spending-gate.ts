import { remember } from "#server/models/remember.ts";
import { isAtLeast } from "#server/notebook/is-at-least.ts";

/** A call that may cost something. */
export interface GateCall {
  readonly model: string;
  /** US dollars that the first call of a model is expected to cost; 0 where that is not worked out. */
  readonly first?: number;
  /** US dollars a call may cost, asked for where answers of its model came without a cost; null where its price is not known. */
  expect(): Promise<number | null>;
}

/** What lets a run's calls out as long as there is money for them. */
export interface SpendingGate {
  /**
   * Resolves when one more call may go out: at the mean cost of its model's answers before, all that are out and it stay within the
   * limit. Resolves with why where it never may, and rejects when the signal aborts. The first call of a model goes alone until one is
   * answered, since nobody knows yet what one costs, and not where the US dollars it is expected to cost are more than there are.
   */
  enter(signal: AbortSignal, call: GateCall): Promise<"open" | "budget" | "not-confirmed">;
  /**
   * A call has ended; its cost in US dollars, null where it is not known: it counts at what a call of its model is expected to cost. What
   * failed says nothing of what an answer costs.
   */
  leave(model: string, cost: number | null, isAnswer: boolean): void;
  /** Has calls that would take the run beyond `limit` US dollars ask; a yes raises it to what has been spent and as much again. */
  confirmBeyond(limit: number, ask: () => Promise<boolean>): void;
  /** US dollars that are spent, and of how many calls in it nobody knows more than what they were expected to cost. */
  spent(): { readonly cost: number; readonly estimated: number };
}

/** What is known of a model's calls in a run. */
interface OfModel {
  out: number;
  /** Answers with a cost, and what they cost together. */
  paid: number;
  cost: number;
  /** Calls that ended without a cost. */
  uncounted: number;
  /** What a call is expected to cost where some ended without a cost; undefined while there is none of those. */
  guess: number | undefined;
  guessing: Promise<number | null> | undefined;
  expect: GateCall["expect"] | undefined;
}

/** A gate with a budget in US dollars, null for none. */
export function createSpendingGate(budget: number | null): SpendingGate {
  let known = 0;
  const models = new Map<string, OfModel>();
  let confirmed: { limit: number; readonly ask: () => Promise<boolean>; asking: Promise<boolean> | null } | null = null;
  let waiting: (() => void)[] = [];
  const heard = new WeakSet<AbortSignal>();
  const changed = (): void => {
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };
  const ofModel = (model: string): OfModel =>
    remember(models, model, () => ({
      out: 0,
      paid: 0,
      cost: 0,
      uncounted: 0,
      guess: undefined,
      guessing: undefined,
      expect: undefined,
    }));
  const expectedOf = ({ paid, cost, guess }: OfModel): number | undefined => (paid === 0 ? guess : cost / paid);
  const expectedOut = (): number => {
    let sum = 0;
    for (const one of models.values()) sum += one.out === 0 ? 0 : one.out * (expectedOf(one) ?? 0);
    return sum;
  };
  const spent = (): number => {
    let sum = known;
    for (const one of models.values()) sum += one.uncounted === 0 ? 0 : one.uncounted * (expectedOf(one) ?? 0);
    return sum;
  };
  const fits = (limit: number, one: OfModel, expected: number | undefined, first: number): boolean => {
    const goingOut = spent() + expectedOut();
    if (expected === undefined) return one.out === 0 && limit > 0 && isAtLeast(limit, goingOut + first);
    // What costs nothing, or nobody knows what, is not held up.
    return expected === 0 || isAtLeast(limit, goingOut + expected);
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
    async enter(signal, { model, first = 0, expect }) {
      const one = ofModel(model);
      if (!heard.has(signal)) signal.addEventListener("abort", changed, { once: true });
      heard.add(signal);
      for (;;) {
        signal.throwIfAborted();
        for (const each of models.values()) if (each.guessing !== undefined) each.guess ??= (await each.guessing) ?? 0;
        const expected = expectedOf(one);
        const inBudget = budget === null || fits(budget, one, expected, first);
        const inConfirmed = confirmed === null || fits(confirmed.limit, one, expected, first);
        if (inBudget && inConfirmed) {
          one.out += 1;
          one.expect ??= expect;
          return "open";
        }
        if ([...models.values()].some(({ out }) => out > 0))
          await new Promise<void>((resolve) => waiting.push(resolve));
        else if (!inBudget) return "budget";
        else if (!(await askAgain())) return "not-confirmed";
      }
    },
    leave(model, cost, isAnswer) {
      const one = ofModel(model);
      one.out -= 1;
      known += cost ?? 0;
      if (cost === null) {
        one.uncounted += 1;
        // What cannot be worked out is as if nobody knew the price.
        if ((budget ?? confirmed) !== null) one.guessing ??= one.expect!().catch(() => null);
      }
      if (isAnswer && cost !== null) {
        one.paid += 1;
        one.cost += cost;
      }
      changed();
    },
    confirmBeyond(limit, ask) {
      confirmed = { limit, ask, asking: null };
    },
    spent: () => ({
      cost: spent(),
      estimated: [...models.values()].reduce((sum, one) => sum + (expectedOf(one) ? one.uncounted : 0), 0),
    }),
  };
}
