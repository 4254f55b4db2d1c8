/** What lets a run's calls out as long as there is money for them. */
export interface SpendingGate {
  /**
   * Resolves when one more call may go out: at the mean cost of those before it, all that are out and it stay within the
   * limit. Resolves with why where it never may, and rejects when the signal aborts. The first call goes alone, since nobody
   * knows yet what one costs, and not where the US dollars it is expected to cost are more than there are.
   */
  enter(signal: AbortSignal, expected?: number): Promise<"open" | "budget" | "not-confirmed">;
  /** A call has ended; its cost in US dollars, null where it is not known. */
  leave(cost: number | null): void;
  /** Has calls that would take the run beyond `limit` US dollars ask; a yes raises it to what has been spent and as much again. */
  confirmBeyond(limit: number, ask: () => Promise<boolean>): void;
}

/** A gate with a budget in US dollars, null for none. */
export function createSpendingGate(budget: number | null): SpendingGate {
  let spent = 0;
  let ended = 0;
  let out = 0;
  let confirmed: { limit: number; readonly ask: () => Promise<boolean>; asking: Promise<boolean> | null } | null = null;
  let waiting: (() => void)[] = [];
  const heard = new WeakSet<AbortSignal>();
  const changed = (): void => {
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };
  const fits = (limit: number, expected: number): boolean => {
    if (ended === 0) return out === 0 && limit > 0 && expected <= limit;
    const next = (spent / ended) * (out + 1);
    return next === 0 || spent + next <= limit;
  };

  async function askAgain(): Promise<boolean> {
    const current = confirmed!;
    current.asking ??= current.ask();
    const yes = await current.asking;
    if (yes && current.asking !== null) {
      current.limit = Math.max(current.limit, spent) * 2;
      current.asking = null;
      changed();
    }
    return yes;
  }

  return {
    async enter(signal, expected = 0) {
      if (!heard.has(signal)) signal.addEventListener("abort", changed, { once: true });
      heard.add(signal);
      for (;;) {
        signal.throwIfAborted();
        const inBudget = budget === null || fits(budget, expected);
        const inConfirmed = confirmed === null || fits(confirmed.limit, expected);
        if (inBudget && inConfirmed) {
          out += 1;
          return "open";
        }
        if (out > 0) await new Promise<void>((resolve) => waiting.push(resolve));
        else if (!inBudget) return "budget";
        else if (!(await askAgain())) return "not-confirmed";
      }
    },
    leave(cost) {
      out -= 1;
      ended += 1;
      spent += cost ?? 0;
      changed();
    },
    confirmBeyond(limit, ask) {
      confirmed = { limit, ask, asking: null };
    },
  };
}
