/** Columns of a width each, side by side. */
export interface ColumnPlaces {
  /** Where each begins, in pixels from the first. */
  readonly starts: readonly number[];
  readonly width: number;
}

export function placeColumns(widths: readonly number[]): ColumnPlaces {
  const starts: number[] = [];
  let width = 0;
  for (const each of widths) {
    starts.push(width);
    width += each;
  }
  return { starts, width };
}

/** The columns seen between two places, from the first to before the last, with one more on either side. */
export function columnWindow(
  { starts, width }: ColumnPlaces,
  from: number,
  to: number,
): { readonly first: number; readonly last: number } {
  const first = Math.max(0, lastAtOrBefore(starts, Math.max(0, from)) - 1);
  const last = Math.min(starts.length, lastAtOrBefore(starts, Math.min(to, width)) + 2);
  return { first: Math.min(first, last), last };
}

/** The last column that begins at or before a place; -1 where there is none. */
export function lastAtOrBefore(starts: readonly number[], place: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (starts[middle]! <= place) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
