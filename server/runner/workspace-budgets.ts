import type { BatchBooks } from "#server/models/batches/batch-desk.ts";
import type { Admission, BoundedCost, Payer, SpendingBounds } from "#server/models/bounded.ts";
import { remember } from "#server/models/remember.ts";
import { WaitingError } from "#server/models/waiting-error.ts";
import { isAtLeast } from "#server/notebook/is-at-least.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import type { Journal } from "#server/store/journal.ts";
import type { Budget, Budgets } from "#server/store/store.ts";
import { factsOf, holdsFor, scopeOf, type BudgetScope } from "./budget-scope.ts";
import { noMoneyWords } from "./no-money-words.ts";
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
  /** Calls since then whose tokens nobody counted: what they were expected to cost is in `spent`. */
  readonly estimated: number;
  /** Calls since then whose price is not known: nothing counts them. */
  readonly unpriced: number;
}

/**
 * The budgets of a workspace: set by people, kept in its state, and counted by what the journal has, also what other processes spend. All
 * runs, requests and programs share them.
 */
export interface WorkspaceBudgets extends SpendingBounds, BatchBooks {
  /** Throws `budget.amount` for what is none. What is spent of a notebook's counts anew. */
  set(scope: BudgetScope, amount: number): Promise<void>;
  remove(scope: BudgetScope): Promise<void>;
  list(): Promise<readonly BudgetState[]>;
  /**
   * Counts what a run's batches may cost as spent until they are released, where it fits into every budget that holds for it; gives what
   * is left where it does not. A cost that is not known fits where there is no budget.
   */
  reserve(
    payer: Payer,
    cost: number | null,
  ): Promise<{ readonly fits: true } | { readonly fits: false; readonly left: number }>;
  /** What a run reserved and no batch of it was written for is not spent any more. */
  release(payer: Payer): void;
  /** A notebook has another path, which `records` sees to: its budget goes along, with what is spent of it, and so do its open batches. */
  move(notebook: string, to: string, records: () => Promise<void>): Promise<void>;
  /** Calls back when one is set or removed, and within a second where something was spent, until what it gives is called. */
  watch(changed: () => void): () => void;
}

/** A budget as the journal was when it was counted, and what ended since: each call and each batch is in it once, by its id. */
interface Held {
  readonly scope: BudgetScope;
  readonly amount: number;
  readonly since: number;
  /** What calls cost, or were expected to. */
  spent: number;
  estimated: number;
  unpriced: number;
  /** The newest call that was counted, and those up to it that had no end then. */
  readonly lastCall: number;
  readonly open: Set<number>;
  /** What batches may cost that are not collected yet, by their ids. */
  readonly batches: Map<number, number | null>;
}

/** A call that is out. */
interface Out {
  readonly place: string;
  /** What it is expected to cost, US dollars. */
  readonly cost: number;
  /** Whether it has had its turn. */
  isSent: boolean;
}

/** What is known of the calls of a place from those that ended here. */
interface Known {
  answers: number;
  /** What the last of them cost, US dollars, and the dearest of these. */
  readonly costs: number[];
  dearest: number;
}

/** So many answers say what the next may cost: older ones may have been to another text. */
const remembered = 50;

/** Milliseconds a count of the journal holds at least: another process may spend too. */
const holds = 1_000;
/** As often as this its own time a count is made at most. */
const pauses = 50;

export function createWorkspaceBudgets(
  store: Budgets,
  journal: Pick<Journal, "spendingSince" | "batches">,
  now: () => number,
): WorkspaceBudgets {
  let held: Promise<readonly Held[]> | undefined;
  let countedFor = 0;
  let holdsUntil = 0;
  let waiting: (() => void)[] = [];
  const watchers = new Set<() => void>();
  let telling: NodeJS.Timeout | undefined;
  const out = new Map<string, Set<Out>>();
  const known = new Map<string, Known>();
  /** The budgets as they were counted last. */
  let latest: readonly Held[] = [];
  /** What runs reserved for batches that are not written yet. */
  const sending = new Map<string, { readonly payer: Payer; left: number }>();

  /** The budgets, counted when one is set, and every day anew. */
  function load(): Promise<readonly Held[]> {
    const today = startOfDay(now());
    if (held === undefined || countedFor !== today) held = countAll(today);
    return held;
  }

  /** The budgets with what other processes spent until a moment ago. */
  function loadFresh(): Promise<readonly Held[]> {
    if (now() > holdsUntil) held = countAll(startOfDay(now()));
    return load();
  }

  function countAll(today: number): Promise<readonly Held[]> {
    countedFor = today;
    // Who comes meanwhile shares it.
    holdsUntil = Number.POSITIVE_INFINITY;
    const started = performance.now();
    const counting = store.list().then((all) => Promise.all(all.map((budget) => count(budget, today))));
    counting.then(
      (all) => {
        latest = all;
        holdsUntil = now() + Math.max(holds, pauses * (performance.now() - started));
      },
      () => {
        holdsUntil = 0;
        if (held === counting) held = undefined;
      },
    );
    return counting;
  }

  async function count(budget: Budget, today: number): Promise<Held> {
    const scope = scopeOf(budget);
    const { daily, notebook } = factsOf(scope);
    const since = daily ? today : budget.since;
    const { cost, expected, estimated, unpriced, lastCall, open, batches } = await journal.spendingSince(
      since,
      notebook,
    );
    return {
      ...{ scope, amount: budget.amount, since, spent: budget.carried + cost + expected },
      ...{ estimated, unpriced, lastCall },
      open: new Set(open),
      batches: new Map(batches.map(({ id, reserved }) => [id, reserved])),
    };
  }

  /** Those of all that hold for a payer. */
  const of = (all: readonly Held[], payer: Payer): readonly Held[] => all.filter(({ scope }) => holdsFor(scope, payer));
  const outOf = ({ scope }: Held): Set<Out> => remember(out, keyOf(scope), () => new Set());
  const knownOf = (place: string): Known => remember(known, place, () => ({ answers: 0, costs: [], dearest: 0 }));
  /** What a call may cost beside others: as much as the dearest of its place. */
  const mostOf = ({ place, cost }: Out): number => Math.max(cost, knownOf(place).dearest);
  const sumOf = (some: readonly Out[]): number => some.reduce((sum, one) => sum + mostOf(one), 0);
  const batchedOf = ({ batches }: Held): number =>
    [...batches.values()].reduce<number>((sum, cost) => sum + (cost ?? 0), 0);
  const sendingOf = ({ scope }: Held): number =>
    [...sending.values()].reduce((sum, { payer, left }) => sum + (holdsFor(scope, payer) ? left : 0), 0);
  const spentOf = (one: Held): number => one.spent + batchedOf(one) + sendingOf(one);

  /** Whether a call fits into a budget beside others that are out. */
  function fits(one: Held, call: Out, others: readonly Out[]): boolean {
    const spent = spentOf(one);
    if (isAtLeast(spent, one.amount)) return false;
    const cost = others.length === 0 ? call.cost : mostOf(call);
    return cost === 0 || isAtLeast(one.amount, spent + sumOf(others) + cost);
  }

  /** Counts a call as out. */
  function admit(payer: Payer, scopes: readonly Held[], call: Out): Admission {
    const from = scopes.map(outOf);
    for (const one of from) one.add(call);
    return {
      mayLeave() {
        const may = of(latest, payer).every((one) =>
          fits(
            one,
            call,
            [...outOf(one)].filter((other) => other !== call && other.isSent),
          ),
        );
        call.isSent ||= may;
        return may;
      },
      leave(cost) {
        for (const one of from) one.delete(call);
        if (cost !== null) learn(knownOf(call.place), cost);
        changed();
      },
    };
  }

  function learn(place: Known, cost: number): void {
    place.answers += 1;
    place.costs.push(cost);
    if (place.costs.length > remembered) place.costs.shift();
    place.dearest = Math.max(...place.costs);
  }

  function changed(): void {
    for (const wake of waiting.splice(0)) wake();
  }

  /** Changes what is counted for a payer. Where it cannot be counted now, the next count has it. */
  async function change(payer: Payer & { readonly sentAt: number }, by: (one: Held) => void): Promise<void> {
    try {
      for (const one of of(await load(), payer)) if (payer.sentAt >= one.since) by(one);
    } catch {
      held = undefined;
    }
    changed();
    telling ??= setTimeout(tell, holds).unref();
  }

  function tell(): void {
    clearTimeout(telling);
    telling = undefined;
    for (const watcher of watchers) watcher();
  }

  async function recount(): Promise<void> {
    held = undefined;
    await load();
    changed();
    tell();
  }

  return {
    bounds: async (payer) => of(await load(), payer).length > 0,

    async enter(payer, { place, expect }, signal) {
      let expected: BoundedCost = { cost: 0, by: "nothing" };
      signal.addEventListener("abort", changed, { once: true });
      try {
        for (;;) {
          signal.throwIfAborted();
          // Those that ended meanwhile say more.
          if (expected.by !== "its like") expected = await expect();
          const { cost, by } = expected;
          const call: Out = { place, cost, isSent: false };
          const mine = of(await loadFresh(), payer);
          const short = mine.find((one) => {
            const others = [...outOf(one)];
            // What has no price is counted nowhere, and so not held up.
            if (!fits(one, call, others) || (by === "nothing" && cost > 0 && others.length > 0)) return true;
            const alike = others.filter((other) => other.place === place).length;
            return cost > 0 && alike >= Math.max(1, knownOf(place).answers);
          });
          if (short === undefined) return admit(payer, mine, call);
          // What is out may come to less than was expected of it.
          if (outOf(short).size === 0 || isAtLeast(spentOf(short), short.amount))
            throw new WaitingError(noMoney(short, spentOf(short), cost));
          await new Promise<void>((resolve) => waiting.push(resolve));
        }
      } finally {
        signal.removeEventListener("abort", changed);
      }
    },

    spent: (payer, { id, sentAt, end: { cost, expected } }) =>
      change({ ...payer, sentAt }, (one) => {
        const isCounted = id === undefined || (id <= one.lastCall && !one.open.delete(id));
        if (isCounted) return;
        const counted = cost ?? expected;
        if (counted === undefined) one.unpriced += 1;
        else one.spent += counted;
        if (cost === null && counted !== undefined) one.estimated += 1;
      }),

    async reserve(payer, cost) {
      const mine = of(await loadFresh(), payer);
      const left = Math.min(...mine.map((one) => Math.max(0, one.amount - spentOf(one) - sumOf([...outOf(one)]))));
      if (mine.length > 0 && (cost === null || !isAtLeast(left, cost))) return { fits: false, left };
      sending.set(payer.run, { payer, left: cost ?? 0 });
      return { fits: true };
    },

    release({ run }) {
      sending.delete(run);
      changed();
    },

    added: (batch) =>
      change(batch, (one) => one.batches.set(batch.id, batch.reserved)).then(() => {
        const reserved = sending.get(batch.run);
        if (reserved !== undefined) reserved.left = Math.max(0, reserved.left - (batch.reserved ?? 0));
      }),

    ended: (batch) => change(batch, (one) => one.batches.delete(batch.id)),

    async set(scope, amount) {
      if (!Number.isFinite(amount) || amount < 0)
        throw new SheafError("budget.amount", `${amount} is no budget`, { cure: "Give US dollars, as in 2.5." });
      await store.set({ ...factsOf(scope).row, amount, since: now(), carried: 0 });
      await recount();
    },

    async move(notebook, to, records) {
      await recount();
      const own = (await load()).find(({ scope }) => scope.type === "notebook" && scope.notebook === notebook);
      await records();
      // The journal has its calls under the path they were made at, but those of its open batches under the new one, as of when they were sent.
      const since = (await journal.batches.move(notebook, to)) ?? now();
      if (own !== undefined)
        await store.set({
          ...factsOf({ type: "notebook", notebook: to }).row,
          ...{ amount: own.amount, since, carried: own.spent },
        });
      await recount();
    },

    async remove(scope) {
      await store.remove(factsOf(scope).row);
      await recount();
    },

    watch(watcher) {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },

    list: async () =>
      (await loadFresh()).map((one) => {
        const { scope, amount, since, estimated, batches } = one;
        const unknown = [...batches.values()].filter((cost) => cost === null).length;
        const unpriced = one.unpriced + unknown;
        return { scope, amount, since, spent: spentOf(one), batched: batchedOf(one), estimated, unpriced };
      }),
  };
}

function keyOf(scope: BudgetScope): string {
  const { row } = factsOf(scope);
  return `${row.scope} ${row.subject}`;
}

function noMoney({ scope, amount, estimated }: Held, spent: number, next: number): WaitingError["on"] {
  const { name, cure } = factsOf(scope);
  const why = noMoneyWords({ name, amount, spent, estimated, next });
  return { reason: "budget", subject: name, message: `${why}; what was paid for is kept. To go on, ${cure}` };
}
