import { beside, type Stacks } from "./stacks";

/** A place in the grid; row -1 is the header. */
export interface GridPlace {
  readonly row: number;
  readonly column: number;
}

/** What is selected: a block of cells between two corners, and in it the cell that is typed into. */
export interface GridSelection {
  readonly active: GridPlace;
  /** The corner that stays and the one that Shift moves. */
  readonly anchor: GridPlace;
  readonly head: GridPlace;
}

/** A block of cells, its ends included. */
export interface GridRange {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

export interface GridSize {
  readonly rows: number;
  readonly columns: number;
  /** Rows that PageDown goes. */
  readonly page: number;
  /** Which columns stand over each other; none do where it is not given. */
  readonly stacks?: Stacks;
}

export const headerRow = -1;

export function selectionAt(place: GridPlace): GridSelection {
  return { active: place, anchor: place, head: place };
}

export function rangeOf({ anchor, head }: Pick<GridSelection, "anchor" | "head">): GridRange {
  return {
    top: Math.min(anchor.row, head.row),
    bottom: Math.max(anchor.row, head.row),
    left: Math.min(anchor.column, head.column),
    right: Math.max(anchor.column, head.column),
  };
}

export function isWithin({ top, bottom, left, right }: GridRange, { row, column }: GridPlace): boolean {
  return row >= top && row <= bottom && column >= left && column <= right;
}

export function cellsIn({ top, bottom, left, right }: GridRange): number {
  return (bottom - top + 1) * (right - left + 1);
}

/** A key as far as it moves a selection. */
export interface MoveKey {
  readonly key: string;
  readonly shift: boolean;
  readonly mod: boolean;
}

/** The selection after a key, and the place that is then to be seen; null where the key moves nothing. */
export function movedBy(
  pressed: MoveKey,
  before: GridSelection,
  size: GridSize,
): { readonly selection: GridSelection; readonly show: GridPlace | null } | null {
  if (size.columns === 0) return null;
  const whole = wholeOf(pressed, before, size);
  if (whole !== null) return { selection: whole, show: null };
  const { shift } = pressed;
  const to = placeAfter(pressed, shift ? before.head : before.active, size);
  if (to === null) return null;
  if (!shift) {
    const place = within(to, size, headerRow);
    return { selection: selectionAt(place), show: place };
  }
  const { active, anchor } = before;
  // A range is of rows: it never takes the header in.
  const head = active.row === headerRow ? { ...within(to, size, headerRow), row: headerRow } : within(to, size, 0);
  // The cell that is typed into may stand anywhere in a range: where the range would leave it, a new one begins there.
  const stays = isWithin(rangeOf({ anchor, head }), active);
  return { selection: { active, anchor: stays ? anchor : active, head }, show: head };
}

/** All, whole rows or whole columns, for the keys that select them. */
function wholeOf({ key, shift, mod }: MoveKey, before: GridSelection, size: GridSize): GridSelection | null {
  const isAll = mod && key.toLowerCase() === "a";
  if (size.rows === 0 || (!isAll && (key !== " " || shift === mod))) return null;
  if (shift && before.active.row === headerRow) return null;
  const { anchor, head } = before;
  const byRow = isAll || mod ? [0, size.rows - 1] : [anchor.row, head.row];
  const byColumn = isAll || !mod ? [0, size.columns - 1] : [anchor.column, head.column];
  return {
    active: within(before.active, size, 0),
    anchor: { row: byRow[0]!, column: byColumn[0]! },
    head: { row: byRow[1]!, column: byColumn[1]! },
  };
}

function placeAfter({ key, shift, mod }: MoveKey, { row, column }: GridPlace, size: GridSize): GridPlace | null {
  const lastRow = size.rows - 1;
  const lastColumn = size.columns - 1;
  const notBeyond = (to: GridPlace): GridPlace => (to.row > lastRow ? { row, column } : to);
  // A range is of rows and columns, whatever stands over what: Shift goes along those.
  const stacks = shift || mod ? undefined : size.stacks;
  switch (key) {
    case "ArrowDown":
      return stacks ? notBeyond(beside(stacks, { row, column }, key)) : { row: mod ? lastRow : row + 1, column };
    case "ArrowUp":
      return stacks ? beside(stacks, { row, column }, key) : { row: mod && row > 0 ? 0 : row - 1, column };
    case "ArrowRight":
      return stacks ? beside(stacks, { row, column }, key) : { row, column: mod ? lastColumn : column + 1 };
    case "ArrowLeft":
      return stacks ? beside(stacks, { row, column }, key) : { row, column: mod ? 0 : column - 1 };
    case "Home":
      return { row: mod ? 0 : row, column: 0 };
    case "End":
      return { row: mod ? lastRow : row, column: lastColumn };
    case "PageDown":
      return { row: row + size.page, column };
    case "PageUp":
      return { row: row === headerRow ? row : Math.max(0, row - size.page), column };
    default:
      return null;
  }
}

/** One step to the next cell, as Tab and Enter go: round the range where there is one, else on in the grid. */
export function stepped(before: GridSelection, along: "column" | "row", by: 1 | -1, size: GridSize): GridSelection {
  const range = rangeOf(before);
  const { row, column } = before.active;
  if (cellsIn(range) === 1) {
    const to = along === "row" ? { row: row + by, column } : { row, column: column + by };
    return selectionAt(within(to, size, Math.min(row, 0)));
  }
  const rows = range.bottom - range.top + 1;
  const columns = range.right - range.left + 1;
  const inRow = row - range.top;
  const inColumn = column - range.left;
  const place = along === "row" ? inColumn * rows + inRow : inRow * columns + inColumn;
  const next = (place + by + rows * columns) % (rows * columns);
  const active =
    along === "row"
      ? { row: range.top + (next % rows), column: range.left + Math.floor(next / rows) }
      : { row: range.top + Math.floor(next / columns), column: range.left + (next % columns) };
  return { ...before, active };
}

/** Keeps a selection where there are cells, after rows or columns went away. */
export function keptWithin({ active, anchor, head }: GridSelection, size: GridSize): GridSelection {
  const [kept, from, to] = [active, anchor, head].map((place) => within(place, size, headerRow));
  return { active: kept!, anchor: from!, head: to! };
}

/** The same selection so many rows further down, as far as there are rows: its rows have moved. */
export function movedRows(selection: GridSelection, by: number, size: GridSize): GridSelection {
  const moved = ({ row, column }: GridPlace): GridPlace => within({ row: row + by, column }, size, 0);
  return { active: moved(selection.active), anchor: moved(selection.anchor), head: moved(selection.head) };
}

function within({ row, column }: GridPlace, { rows, columns }: GridSize, least: number): GridPlace {
  return {
    row: Math.max(least, Math.min(row, rows - 1)),
    column: Math.max(0, Math.min(column, columns - 1)),
  };
}
