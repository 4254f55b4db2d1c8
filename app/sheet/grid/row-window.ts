/** Rows that stand in the document: from the first to before the last. */
export interface RowWindow {
  readonly first: number;
  readonly last: number;
}

/** Rows kept above and below what is seen, so that a little scrolling finds them there. */
const spare = 8;

/** The rows around what is seen of a list, `offset` pixels down. */
export function rowWindow(offset: number, view: number, rowHeight: number, rowCount: number): RowWindow {
  const first = Math.max(0, Math.floor(offset / rowHeight) - spare);
  const last = Math.min(rowCount, Math.ceil((offset + view) / rowHeight) + spare);
  return { first: Math.min(first, last), last };
}

/** How many elements are needed for any window of a view so high. */
export function slotCount(view: number, rowHeight: number, rowCount: number): number {
  return Math.min(rowCount, Math.ceil(view / rowHeight) + 1 + 2 * spare);
}

/** The row that a slot shows: as the window moves, each element keeps its row for as long as it is in it. Null for none. */
export function rowOfSlot(slot: number, slots: number, { first, last }: RowWindow): number | null {
  const row = first + ((((slot - first) % slots) + slots) % slots);
  return row < last ? row : null;
}

/** The offset nearest to the one before at which a row is wholly seen. */
export function offsetShowing(row: number, offset: number, view: number, rowHeight: number): number {
  const top = row * rowHeight;
  if (top < offset) return top;
  return top + rowHeight > offset + view ? top + rowHeight - view : offset;
}
