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
  return new StepProgress(node, total, emit);
}

/** A class, for there is one for each of thousands of steps. */
class StepProgress implements ProgressCounter {
  readonly #node: string;
  readonly #emit: (news: RunNews) => void;
  readonly #counts: { -readonly [Count in keyof Progress]: Progress[Count] };
  #told = 0;
  #started = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(node: string, total: number | null, emit: (news: RunNews) => void) {
    this.#node = node;
    this.#emit = emit;
    this.#counts = { ...noProgress, total };
  }

  begin(): void {
    if (this.#started) return;
    this.#started = true;
    this.#told = performance.now();
    this.#emit({ type: "step-start", node: this.#node, total: this.#counts.total });
  }

  add(what: Counted, cached = false): void {
    this.#counts[what] += 1;
    if (cached) this.#counts.cached += 1;
    if (what === "reused") return;
    this.begin();
    const wait = this.#told + interval - performance.now();
    if (wait <= 0) this.#tell();
    // The last of many that came together is told too, however long the next takes.
    else if (this.#counts.total !== 1) this.#timer ??= setTimeout(() => this.#tell(), wait).unref();
  }

  setTotal(total: number): void {
    this.#counts.total = total;
  }

  end(): void {
    clearTimeout(this.#timer);
    if (this.#started) this.#emit({ type: "step-end", node: this.#node, progress: { ...this.#counts } });
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#told = performance.now();
    this.#emit({ type: "step-progress", node: this.#node, progress: { ...this.#counts } });
  }
}
