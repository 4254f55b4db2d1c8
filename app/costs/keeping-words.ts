const usual: readonly (number | null)[] = [null, 365, 90, 30, 7, 1];

/** What is offered: the usual lengths of time, and the one that holds where it is another. In days, null for ever. */
export function keepingChoices(now: number | null): readonly (number | null)[] {
  return usual.includes(now)
    ? usual
    : [...usual, now].toSorted(
        (left, right) => (right ?? Number.POSITIVE_INFINITY) - (left ?? Number.POSITIVE_INFINITY),
      );
}

/** For how long, in words. */
export function keepingWords(days: number | null): string {
  if (days === null) return "for ever";
  if (days === 365) return "for a year";
  return days === 1 ? "for a day" : `for ${days.toLocaleString("en")} days`;
}
