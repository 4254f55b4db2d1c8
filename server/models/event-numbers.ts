/** What of an event tells it from the one before. */
export interface NumberedEvent {
  readonly type?: string | undefined;
  readonly sequence_number?: number;
  readonly delta?: string;
}

/**
 * Says of each event of a stream whether it is the one before once more: one with its number and its text. Servers that give all
 * their events one number say nothing by it, so numbers count from the first that is higher than another.
 */
export function repetitions(): (event: NumberedEvent) => boolean {
  let last: NumberedEvent = {};
  let count = false;
  return (event) => {
    const { sequence_number: number } = event;
    if (number === undefined) return false;
    const same = number === last.sequence_number && event.type === last.type && event.delta === last.delta;
    count ||= number > (last.sequence_number ?? number);
    last = event;
    return same && count;
  };
}
