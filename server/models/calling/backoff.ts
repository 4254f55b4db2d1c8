/** How long is waited where nobody says how long, in milliseconds. */
export interface BackoffRules {
  /** The first wait is anything up to this, doubled for each later one, */
  readonly base: number;
  /** up to this. */
  readonly cap: number;
}

export const usualBackoff: BackoffRules = { base: 500, cap: 32_000 };

/**
 * A random part of a time that doubles; `random` is from 0 to 1.
 * Source: Marc Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.
 */
export function backoff(doublings: number, random: () => number, { base, cap }: BackoffRules = usualBackoff): number {
  return random() * Math.min(cap, base * 2 ** doublings);
}
