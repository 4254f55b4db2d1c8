/** What bounds the attempts that are made again at one provider, so that an outage does not multiply its load. */
export interface RetryBudget {
  /** Whether another attempt may be made; takes it from the budget. */
  take(): boolean;
  /** Says that an attempt succeeded. */
  earn(): void;
}

/**
 * Every success earns half an attempt, up to 100 of them, and 20 are there to begin with: a provider that fails up to a third of its
 * requests is got through to, one that goes down is asked 20 to 100 times more than it would be without. That is more than the tenth
 * or fifth of the traffic that services allow each other: `docs/models.md` says why.
 */
export function createRetryBudget({ initial = 20, most = 100, perSuccess = 0.5 } = {}): RetryBudget {
  let left = initial;
  return {
    take() {
      if (left < 1) return false;
      left -= 1;
      return true;
    },
    earn() {
      left = Math.min(most, left + perSuccess);
    },
  };
}
