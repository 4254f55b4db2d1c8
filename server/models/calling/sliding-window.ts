/** A bound on how much is used in any minute, whatever way a provider cuts its minutes. Times are milliseconds since 1970. */
export interface SlidingWindow {
  /** Milliseconds until this much may be used, beside what is promised to others; 0 for now. More than the bound may be used when nothing else is. */
  wait(amount: number, now: number, promised?: number): number;
  /** Uses so much now, and gives what corrects it. */
  use(amount: number, now: number): (amount: number) => void;
  /** Takes what a provider says: its bound, which counts where that is not more than one's own, and how much it has left, which others with the same key may have used. */
  learn(said: { readonly limit?: number; readonly remaining?: number }, now: number): void;
  readonly limit: number;
  /** What was used in the minute before. */
  used(now: number): number;
}

/** What is used counts for a minute and a second more: a request is on its way for longer or shorter than the one before it. */
const minute = 61_000;
/** What is used in one slot leaves the window together. */
const slotLength = 250;
const slots = Math.ceil(minute / slotLength) + 1;

/** `own` is the bound that the settings have now, beside the provider's. */
export function createSlidingWindow(own: () => number = () => Number.POSITIVE_INFINITY): SlidingWindow {
  let said = Number.POSITIVE_INFINITY;
  const limitNow = (): number => Math.min(own(), said);
  /** What each slot has, by the number of its slot since 1970 and its place in the ring. */
  const amounts = new Float64Array(slots);
  let newest = 0;
  let total = 0;

  /** Lets go of what is older than the window. */
  const turnTo = (now: number): void => {
    const slot = Math.floor(now / slotLength);
    if (slot <= newest) return;
    if (slot - newest >= slots) {
      amounts.fill(0);
      total = 0;
    } else {
      for (let gone = newest + 1; gone <= slot; gone += 1) {
        total -= amounts[gone % slots]!;
        amounts[gone % slots] = 0;
      }
    }
    if (total < 1e-6) total = 0;
    newest = slot;
  };

  const add = (slot: number, amount: number): void => {
    // What left the window meanwhile is not corrected.
    if (slot <= newest - slots) return;
    amounts[slot % slots]! += amount;
    total += amount;
  };

  return {
    wait(amount, now, promised = 0) {
      turnTo(now);
      const limit = limitNow();
      let left = total + promised;
      if (left === 0 || left + amount <= limit) return 0;
      for (let slot = newest - slots + 1; slot <= newest; slot += 1) {
        left -= slot < 0 ? 0 : amounts[slot % slots]!;
        if (left <= 1e-6 || left + amount <= limit) return Math.max(1, (slot + slots) * slotLength - now);
      }
      return minute;
    },
    use(amount, now) {
      turnTo(now);
      const slot = newest;
      add(slot, amount);
      let counted = amount;
      return (actual) => {
        add(slot, actual - counted);
        counted = actual;
      };
    },
    learn({ limit: bound, remaining }, now) {
      if (bound !== undefined && bound > 0) said = bound;
      const limit = limitNow();
      if (remaining === undefined || !Number.isFinite(limit)) return;
      turnTo(now);
      // Only ever towards less: what it has left more than we know may be taken by what is on its way.
      const foreign = limit - total - remaining;
      if (foreign > 0) add(newest, foreign);
    },
    get limit() {
      return limitNow();
    },
    used(now) {
      turnTo(now);
      return total;
    },
  };
}
