import type { ExpectedCost, Payer, SpendingBounds } from "#server/models/bounded.ts";
import { WaitingError } from "#server/models/waiting-error.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Journal } from "#server/store/journal.ts";
import type { Budget, Budgets } from "#server/store/store.ts";
import { factsOf, holdsFor, scopeOf, type BudgetScope } from "./budget-scope.ts";
import { startOfDay } from "./start-of-day.ts";

export type { BudgetScope } from "./budget-scope.ts";

/** A budget, and what is spent of it, US dollars. */
export interface BudgetState {
  readonly scope: BudgetScope;
  readonly amount: number;
  /** What is spent of it counts from here, milliseconds since 1970: midnight, or when it was set. */
  readonly since: number;
  readonly spent: number;
  /** What of it batches may cost that are not collected yet. */
  readonly batched: number;
  /** Calls since then whose price is not known: nothing counts them. */
  readonly unpriced: number;
}

/** The budgets of a workspace: set by people, kept in its state, and counted by what the journal has. All runs, requests and programs share them. */
export interface WorkspaceBudgets extends SpendingBounds {
  /** Throws `budget.amount` for what is none. What is spent of a notebook's counts anew. */
  set(scope: BudgetScope, amount: number): Promise<void>;
  remove(scope: BudgetScope): Promise<void>;
  list(): Promise<readonly BudgetState[]>;
  /**
   * Counts what a batch may cost as spent, where it fits into every budget that holds for it; gives what is left where it does not. A
   * cost that is not known fits where there is no budget.
   */
  reserve(
    payer: Payer,
    cost: number | null,
  ): Promise<{ readonly fits: true } | { readonly fits: false; readonly left: number }>;
  /** Books what changed of a batch that was sent at `sentAt`: its reservation is let go, and what it came to is spent. */
  book(batch: Payer & { readonly sentAt: number }, change: number): Promise<void>;
  /** Counts anew what the journal has. */
  recount(): Promise<void>;
  /** A notebook has another path, which `records` sees to: its budget goes along, with what is spent of it. */
  move(notebook: string, to: string, records: () => Promise<void>): Promise<void>;
  /** Calls back when one is set or removed, until what it gives is called. */
  watch(changed: () => void): () => void;
}

/** A budget that is being spent. */
interface Held {
  readonly scope: BudgetScope;
  readonly amount: number;
  readonly since: number;
  spent: number;
  unpriced: number;
  /** What the calls that are out are expected to cost. */
  reserved: number;
  out: number;
}

export function createWorkspaceBudgets(
  store: Budgets,
  journal: Pick<Journal, "usageSince" | "batches">,
  now: () => number,
): WorkspaceBudgets {
  let held: Promise<readonly Held[]> | undefined;
  let loadedFor = 0;
  let waiting: (() => void)[] = [];
  const watchers = new Set<() => void>();

  /** The budgets as they are now: counted by the journal when one is set, and every day anew. */
  function load(): Promise<readonly Held[]> {
    const today = startOfDay(now());
    if (held === undefined || loadedFor !== today) {
      const before = held;
      loadedFor = today;
      held = store.list().then((all) => Promise.all(all.map((budget) => count(budget, today, before))));
      held.catch(() => (held = undefined));
    }
    return held;
  }

  async function count(budget: Budget, today: number, before: typeof held): Promise<Held> {
    const scope = scopeOf(budget);
    const { daily, notebook } = factsOf(scope);
    const since = daily ? today : budget.since;
    const { cost, unpriced } = await journal.usageSince(since, notebook);
    // A batch belongs to the day it was sent on, whenever it is answered, as its calls do.
    const batches = await journal.batches.reservedSince(since, notebook);
    // Calls that are out go on being so, and are booked with whom they came to.
    const known = (await before)?.find((one) => isSame(one.scope, scope) && one.out > 0);
    const { reserved, out } = known ?? { reserved: 0, out: 0 };
    return {
      scope,
      amount: budget.amount,
      since,
      spent: budget.carried + cost + batches.cost,
      unpriced: unpriced + batches.unpriced,
      reserved,
      out,
    };
  }

  /** Those that hold for a payer. */
  async function of(payer: Payer): Promise<readonly Held[]> {
    return (await load()).filter(({ scope }) => holdsFor(scope, payer));
  }

  function changed(): void {
    for (const wake of waiting.splice(0)) wake();
  }

  async function forget(): Promise<void> {
    loadedFor = 0;
    await load();
    changed();
    for (const watcher of watchers) watcher();
  }

  return {
    bounds: async (payer) => (await of(payer)).length > 0,

    async enter(payer, expect, signal) {
      let expected: ExpectedCost = { cost: 0, by: "nothing" };
      signal.addEventListener("abort", changed, { once: true });
      try {
        for (;;) {
          signal.throwIfAborted();
          // Those that ended meanwhile say more.
          if (expected.by !== "its like") expected = await expect();
          const { cost, by } = expected;
          const mine = await of(payer);
          const short = mine.find(
            (one) =>
              one.amount <= one.spent ||
              one.spent + one.reserved + cost > one.amount ||
              (by === "nothing" && one.out > 0),
          );
          if (short === undefined) {
            for (const one of mine) {
              one.reserved += cost;
              one.out += 1;
            }
            return (paid) => void leave(payer, cost, paid);
          }
          // What is out may come to less than was expected of it.
          if (short.out === 0 || short.amount <= short.spent) throw new WaitingError(noMoney(short, cost));
          await new Promise<void>((resolve) => waiting.push(resolve));
        }
      } finally {
        signal.removeEventListener("abort", changed);
      }
    },

    async reserve(payer, cost) {
      const mine = await of(payer);
      const left = Math.min(...mine.map(({ amount, spent, reserved }) => Math.max(0, amount - spent - reserved)));
      if (mine.length > 0 && (cost === null || cost > left)) return { fits: false, left };
      for (const one of mine) one.spent += cost ?? 0;
      return { fits: true };
    },

    async book(batch, change) {
      for (const one of await of(batch)) if (batch.sentAt >= one.since) one.spent += change;
      changed();
    },

    recount: forget,

    async set(scope, amount) {
      if (!Number.isFinite(amount) || amount < 0)
        throw new SheafError("budget.amount", `${amount} is no budget`, { cure: "Give US dollars, as in 2.5." });
      await store.set({ ...factsOf(scope).row, amount, since: now(), carried: 0 });
      await forget();
    },

    async move(notebook, to, records) {
      const own = (await load()).find(({ scope }) => isSame(scope, { type: "notebook", notebook }));
      await records();
      // The journal has its calls under the path they were made at.
      if (own !== undefined)
        await store.set({
          ...factsOf({ type: "notebook", notebook: to }).row,
          amount: own.amount,
          since: now(),
          carried: own.spent,
        });
      await forget();
    },

    async remove(scope) {
      await store.remove(factsOf(scope).row);
      await forget();
    },

    watch(watcher) {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },

    list: async () =>
      Promise.all(
        (await load()).map(async ({ scope, amount, since, spent, unpriced }) => {
          const { cost: batched } = await journal.batches.reservedSince(since, factsOf(scope).notebook);
          return { scope, amount, since, spent, batched, unpriced };
        }),
      ),
  };

  async function leave(payer: Payer, expected: number, cost: number | null): Promise<void> {
    for (const one of await of(payer)) {
      one.reserved = Math.max(0, one.reserved - expected);
      one.out = Math.max(0, one.out - 1);
      if (cost === null) one.unpriced += 1;
      else one.spent += cost;
    }
    changed();
  }
}

function isSame(one: BudgetScope, other: BudgetScope): boolean {
  const [{ row }, { row: otherRow }] = [factsOf(one), factsOf(other)];
  return row.scope === otherRow.scope && row.subject === otherRow.subject;
}

function noMoney({ scope, amount, spent }: Held, expected: number): WaitingError["on"] {
  const { name: what, cure } = factsOf(scope);
  const left = Math.max(0, amount - spent);
  const why =
    left === 0
      ? `${what} of $${amount} is spent`
      : `${what} of $${amount} has $${money(left)} left, and the next call may cost $${money(expected)}`;
  return { reason: "budget", subject: what, message: `${why}; what was paid for is kept. To go on, ${cure}` };
}

function money(amount: number): string {
  return amount < 0.01 ? amount.toPrecision(2) : amount.toFixed(2);
}
