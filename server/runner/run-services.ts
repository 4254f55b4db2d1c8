import type { WaitingOn } from "#server/notebook/cell-kind.ts";
import type { Services } from "#server/notebook/services.ts";
import { WaitingError } from "#server/models/waiting-error.ts";
import type { RunNews } from "./run-event.ts";
import type { Runtime } from "./runtime.ts";
import type { Spending } from "#server/models/spending.ts";

export type Money = Spending;

export interface RunServices {
  readonly services: Services;
  money(): Money;
  /** Tells what has been spent up to now. */
  tell(): void;
  budgetReached(): boolean;
  /** Has further calls ask again once the run has spent more than was confirmed. */
  confirmBeyond(limit: number, ask: (spent: Money) => Promise<boolean>): void;
  sawWaiting(on: WaitingOn): void;
  waitingSeen(): readonly WaitingOn[];
}

/** The services of one run: what it spends is counted, and no call goes out beyond its budget. */
export function createRunServices(
  runtime: Runtime,
  run: {
    readonly run: string;
    readonly notebook: string;
    readonly budget: number | null;
    readonly signal: AbortSignal;
    readonly emit: (news: RunNews) => void;
  },
): RunServices {
  const money = { made: 0, cached: 0, cost: 0, unpriced: 0 };
  const waiting: WaitingOn[] = [];
  let reached = false;
  let told = 0;
  let confirmed: {
    readonly limit: number;
    readonly ask: (spent: Money) => Promise<boolean>;
    asking?: Promise<boolean>;
  } | null = null;

  /** Asks once for all calls that meet the limit together; a yes doubles it. */
  async function stillConfirmed(): Promise<boolean> {
    if (confirmed === null || money.cost <= confirmed.limit) return true;
    const { limit, ask } = confirmed;
    confirmed.asking ??= ask({ ...money }).then((yes) => {
      confirmed = yes ? { limit: Math.max(limit, money.cost) * 2, ask } : confirmed;
      return yes;
    });
    return confirmed.asking;
  }

  const tell = (): void => run.emit({ type: "money", ...money });
  const count = (call: { readonly cached: boolean; readonly cost: number | null }): void => {
    if (call.cached) money.cached += 1;
    else {
      money.made += 1;
      if (call.cost === null) money.unpriced += 1;
      else money.cost += call.cost;
    }
    const now = performance.now();
    if (now - told < 100) return;
    told = now;
    tell();
  };

  const services: Services = {
    ...runtime.services,
    async chat(call) {
      if (run.budget !== null && money.cost >= run.budget && (await runtime.caller.findCached([call]))[0] === null) {
        reached = true;
        throw new WaitingError({
          reason: "budget",
          subject: `$${run.budget}`,
          message: `the run has spent its budget of $${run.budget}; what was paid for is kept`,
        });
      }
      if (!(await stillConfirmed()) && (await runtime.caller.findCached([call]))[0] === null) {
        reached = true;
        throw new WaitingError({
          reason: "budget",
          subject: `$${money.cost.toFixed(2)}`,
          message: `the run has spent $${money.cost.toFixed(2)}, more than was confirmed; what was paid for is kept`,
        });
      }
      try {
        const answer = await runtime.caller.chat(
          { ...call, signal: call.signal ?? run.signal },
          { notebook: run.notebook, run: run.run },
        );
        count(answer.call);
        return answer;
      } catch (thrown) {
        const { facts } = thrown as {
          readonly facts?: { readonly call?: { readonly cached: boolean; readonly cost: number | null } };
        };
        if (facts?.call !== undefined) count(facts.call);
        throw thrown;
      }
    },
  };
  return {
    services,
    tell,
    money: () => ({ ...money }),
    confirmBeyond(limit, ask) {
      confirmed = { limit, ask };
    },
    budgetReached: () => reached,
    sawWaiting: (on) => void waiting.push(on),
    waitingSeen: () => waiting,
  };
}
