/** What of an event tells it from the one before. */
export interface NumberedEvent {
  readonly type?: string | undefined;
  readonly sequence_number?: number;
  readonly delta?: string;
}

/** What the numbers of a stream's events say of their way. */
export interface EventNumbers {
  /** Whether an event is the one before once more: one with its number and its text. */
  isRepeated(event: NumberedEvent): boolean;
  /** Whether an event is missing among those that came. */
  readonly hasGap: boolean;
}

/**
 * Reads the numbers of a stream's events. Servers that give all their events one number say nothing by it, so numbers count from the
 * first that is higher than another; and what is missing is said only by those who number each event one higher than the one before:
 * not by who leaves some without a number, or starts again.
 */
export function eventNumbers(): EventNumbers {
  let last: NumberedEvent = {};
  let count = false;
  let areAll = true;
  let stepped = false;
  let skipped = false;
  return {
    isRepeated(event) {
      const { sequence_number: number } = event;
      const { sequence_number: before, type, delta } = last;
      if (number === undefined) {
        areAll = false;
        return false;
      }
      last = event;
      if (before === undefined) return false;
      count ||= number > before;
      if (count && number === before && event.type === type && event.delta === delta) return true;
      stepped ||= number === before + 1;
      skipped ||= number > before + 1;
      areAll &&= number > before;
      return false;
    },
    get hasGap() {
      return areAll && stepped && skipped;
    },
  };
}
