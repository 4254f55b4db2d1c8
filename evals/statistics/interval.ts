/** A confidence interval; its confidence is 0.95 where nothing else is said. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

export const usualConfidence = 0.95;

/** The interval as wide as `margin` on both sides. */
export function around(center: number, margin: number): Interval {
  return { low: center - margin, high: center + margin };
}

/** What of an interval lies within bounds that nothing can be beyond. */
export function within(interval: Interval | null, least: number, greatest: number): Interval | null {
  return interval && { low: Math.max(least, interval.low), high: Math.min(greatest, interval.high) };
}

/** Throws a `RangeError` where a confidence is not between 0 and 1, both excluded. */
export function checkConfidence(confidence: number): void {
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`a confidence is between 0 and 1, not ${confidence}`);
}
