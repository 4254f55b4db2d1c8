import type { Progress, RunNews } from "./run-event.ts";

/** Counts the addresses of one step, and tells at most twenty times a second. */
export interface ProgressCounter {
  add(what: "done" | "reused" | "failed", cached?: boolean): void;
  setTotal(total: number): void;
  end(): void;
}

const interval = 50;

export function startProgress(node: string, total: number | null, emit: (news: RunNews) => void): ProgressCounter {
  const counts = { total, done: 0, reused: 0, cached: 0, failed: 0 } satisfies Progress;
  let told = 0;
  let started = false;
  const start = (): void => {
    if (started) return;
    started = true;
    told = performance.now();
    emit({ type: "step-start", node, total: counts.total });
  };
  return {
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
      if (counts.done + counts.failed > 0) emit({ type: "step-end", node, progress: { ...counts } });
    },
  };
}
