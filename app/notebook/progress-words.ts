import type { ProgressView } from "#server/workbench/view.ts";

/** How far a step is. */
export interface ProgressWords {
  /** `12 of 40`, or `12`. */
  readonly count: string;
  /** `398 waiting`: what goes on only after something outside; empty where nothing does. */
  readonly waits: string;
  /** `3.1/s`; empty before it can be told. */
  readonly rate: string;
  /** `9 s left`; empty before it can be told. */
  readonly left: string;
  /** 0 to 1; null where the whole is not known. */
  readonly part: number | null;
}

/** Milliseconds before a rate says anything. */
const early = 1_000;

/** A step's progress in words, as of a time in milliseconds. */
export function progressWords(progress: Omit<ProgressView, "run" | "state">, now: number): ProgressWords {
  const { total, done, reused, failed, blocked, waiting, stopped, since } = progress;
  const worked = done + failed + blocked + stopped;
  const dealt = worked + reused;
  const elapsed = since === null ? 0 : now - since;
  const perSecond = elapsed < early || worked === 0 ? null : (worked / elapsed) * 1_000;
  const ahead = total === null ? null : Math.max(0, total - dealt - waiting);
  return {
    count:
      total === null || total < 2
        ? dealt > 0 && total === null
          ? number(dealt)
          : ""
        : `${number(dealt)} of ${number(total)}`,
    waits: waiting === 0 ? "" : `${number(waiting)} waiting`,
    rate:
      perSecond === null || total === null || total < 2
        ? ""
        : `${perSecond < 10 ? perSecond.toFixed(1) : number(Math.round(perSecond))}/s`,
    left: perSecond === null || ahead === null || ahead === 0 ? "" : `${duration(ahead / perSecond)} left`,
    part: total === null || total === 0 ? null : Math.min(1, dealt / total),
  };
}

/** Seconds as people say them: `9 s`, `4 min`, `2 h`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3_600)} h`;
}

function number(count: number): string {
  return count.toLocaleString("en");
}
