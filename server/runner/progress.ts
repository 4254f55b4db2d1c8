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
  /** Something is being computed: told at once, for the first of it may take long. */
  begin(): void;
  add(what: Counted, cached?: boolean): void;
  setTotal(total: number): void;
  end(): void;
}

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
      const now = performance.now();
      if (now - told < interval) return;
      told = now;
      emit({ type: "step-progress", node, progress: { ...counts } });
    },
    setTotal(newTotal) {
      counts.total = newTotal;
    },
    end() {
      if (started) emit({ type: "step-end", node, progress: { ...counts } });
    },
  };
}
