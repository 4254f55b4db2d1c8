import type { Grant, Grants } from "#server/store/store.ts";
import { createSpendingGate, type GateCall, type SpendingGate } from "./spending-gate.ts";

/** What the cells of one notebook may spend without being asked: the grants in its workspace, outside the file. All sessions share it. */
export interface CellGrants {
  /** Looks at the workspace's grants anew. */
  load(): Promise<void>;
  /** Grants a cell a budget in US dollars, in place of what it had. */
  give(cell: string, budget: number): Promise<void>;
  revoke(cell: string): Promise<void>;
  /** A cell has another name: its grant goes along, in place of one that was there. */
  rename(cell: string, to: string): Promise<void>;
  list(): readonly Grant[];
  /** The grant of a cell as it is now; null where it has none. */
  of(cell: string): CellGrant | null;
}

/** One cell's grant: all runs that nobody asked for share it. */
export interface CellGrant {
  readonly budget: number;
  /** Lets calls out while there is money left. */
  readonly gate: Pick<SpendingGate, "enter" | "mayLeave" | "next">;
  /** US dollars of it that are spent. */
  spent(): number;
  /**
   * Keeps what a call that was let out has cost, US dollars, 0 where it never went; where that is not known, what it was expected
   * to, which is then no answer that says what others cost.
   */
  book(call: GateCall, cost: number, isAnswer: boolean): Promise<void>;
}

interface Held {
  readonly stored: Grant;
  spent: number;
  readonly grant: CellGrant;
}

/** The grants of a notebook in a workspace, none until they are loaded. */
export function createCellGrants(notebook: string, store: Grants, now: () => number): CellGrants {
  let held: ReadonlyMap<string, Held> = new Map();

  function hold(stored: Grant): Held {
    const gate = createSpendingGate(Math.max(0, stored.budget - stored.spent));
    const one: Held = {
      stored,
      spent: stored.spent,
      grant: {
        budget: stored.budget,
        gate,
        spent: () => one.spent,
        async book(call, cost, isAnswer) {
          gate.leave(call, cost, isAnswer);
          one.spent += cost;
          if (cost > 0) await store.book(notebook, stored.cell, cost);
        },
      },
    };
    return one;
  }

  function set(cell: string, one: Held | null): void {
    const others = [...held].filter(([name]) => name !== cell);
    held = new Map(one === null ? others : [...others, [cell, one]]);
  }

  async function load(): Promise<void> {
    const all = await store.list(notebook);
    held = new Map(
      all.map((stored) => {
        const one = held.get(stored.cell);
        const same = one?.stored.grantedAt === stored.grantedAt && one.stored.budget === stored.budget;
        // What another process has spent is not in the gate at hand.
        return [stored.cell, one !== undefined && same && one.spent >= stored.spent ? one : hold(stored)];
      }),
    );
  }

  return {
    load,
    async give(cell, budget) {
      const grant = { notebook, cell, budget, grantedAt: now() };
      await store.give(grant);
      set(cell, hold({ ...grant, spent: 0 }));
    },
    async revoke(cell) {
      set(cell, null);
      await store.revoke(notebook, cell);
      // Somebody may have looked in between.
      set(cell, null);
    },
    async rename(cell, to) {
      if (!held.has(cell)) return;
      await store.rename(notebook, cell, to);
      await load();
    },
    list: () => [...held.values()].map(({ stored, spent }) => ({ ...stored, spent })),
    of: (cell) => held.get(cell)?.grant ?? null,
  };
}
