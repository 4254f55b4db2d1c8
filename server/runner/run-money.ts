import type { CallFacts } from "#server/notebook/services.ts";
import type { RunNews } from "./run-event.ts";

/** What a run has spent. */
export interface Money {
  /** Calls that were sent for it. */
  readonly made: number;
  /** Calls answered from the journal or by an equal call in flight: they cost nothing. */
  readonly cached: number;
  /** US dollars of the calls made whose price is known. */
  readonly cost: number;
  /** Calls made whose price is not known: where it is not 0, the truth is more than `cost`. */
  readonly unpriced: number;
  /** Tokens in and out of the calls made, as far as their providers count them. */
  readonly input: number;
  readonly output: number;
}

/** What of a call's facts its run counts. */
type SpentCall = Pick<CallFacts, "cached" | "cost" | "usage">;

/** What calls cost that were made, US dollars; null where a price is not known. */
export function spentOn(calls: readonly Pick<CallFacts, "cached" | "cost">[]): number | null {
  if (calls.some(({ cost }) => cost === null)) return null;
  return calls.reduce((total, { cached, cost }) => total + (cached ? 0 : cost!), 0);
}

/** Counts what a run spends, and tells it at most ten times a second. */
export interface RunMoney {
  readonly now: Money;
  count(call: SpentCall): void;
  tell(): void;
}

const interval = 100;

export function createRunMoney(emit: (news: RunNews) => void): RunMoney {
  const money = { made: 0, cached: 0, cost: 0, unpriced: 0, input: 0, output: 0 };
  let told = 0;
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    clearTimeout(timer);
    timer = undefined;
    told = performance.now();
    emit({ type: "money", ...money });
  };
  return {
    get now() {
      return { ...money };
    },
    count(call) {
      if (call.cached) money.cached += 1;
      else {
        money.made += 1;
        money.input += call.usage.input ?? 0;
        money.output += call.usage.output ?? 0;
        if (call.cost === null) money.unpriced += 1;
        else money.cost += call.cost;
      }
      const wait = told + interval - performance.now();
      if (wait <= 0) tell();
      // The last of many that came together is told too, however long the next takes.
      else timer ??= setTimeout(tell, wait).unref();
    },
    tell,
  };
}
