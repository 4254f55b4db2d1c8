import type { Outcome, Progress, RunNews } from "./run-event.ts";

/** As what an address that was dealt with counts. */
export type Counted = "done" | "reused" | "failed" | "blocked" | "waiting" | "stopped";

export function countedAs(outcome: Outcome, isWaiting = false): Counted {
  switch (outcome) {
    case "ok":
    case "skipped":
      return "done";
    case "error":
      return "failed";
    case "blocked":
      return isWaiting ? "waiting" : "blocked";
    case "cancelled":
    case "partial":
      return "stopped";
  }
}

/** Counts the addresses of one step, and tells at most twenty times a second. */
export interface ProgressCounter {
  /** Says that computing has begun, where nothing has come of it yet: a model may take long over its first answer. */
  begin(): void;
  add(what: Counted, cached?: boolean): void;
  setTotal(total: number): void;
  end(): void;
}

/** Counts nothing and tells nobody. */
export const silentProgress: ProgressCounter = { begin() {}, add() {}, setTotal() {}, end() {} };

const interval = 50;

/** A step of which nothing is done yet. */
export const noProgress: Progress = {
  total: null,
  done: 0,
  reused: 0,
  cached: 0,
  failed: 0,
  blocked: 0,
  waiting: 0,
  stopped: 0,
};

export function startProgress(node: string, total: number | null, emit: (news: RunNews) => void): ProgressCounter {
  const counts = { ...noProgress, total };
  let told = 0;
  let started = false;
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    clearTimeout(timer);
    timer = undefined;
    told = performance.now();
    emit({ type: "step-progress", node, progress: { ...counts } });
  };
  const start = (): void => {
    if (started) return;
    started = true;
    told = performance.now();
    emit({ type: "step-start", node, total: counts.total });
  };
  return {
    begin: start,
    add(what, cached = false) {
      counts[what] += 1;
      if (cached) counts.cached += 1;
      if (what === "reused") return;
      start();
      const wait = told + interval - performance.now();
      if (wait <= 0) tell();
      // The last of many that came together is told too, however long the next takes.
      else if (counts.total !== 1) timer ??= setTimeout(tell, wait).unref();
    },
    setTotal(newTotal) {
      counts.total = newTotal;
    },
    end() {
      clearTimeout(timer);
      if (started) emit({ type: "step-end", node, progress: { ...counts } });
    },
  };
}
