/** Columns by their places across the grid: one, or several that stand over each other within a row. */
export type Stacks = readonly (readonly StackedColumn[])[];

export interface StackedColumn {
  readonly column: number;
  /** Its line within a row; null where it is as high as its row. */
  readonly line: number | null;
}

/** A place in the grid; row -1 is the header. */
interface Place {
  readonly row: number;
  readonly column: number;
}

type Arrow = "ArrowDown" | "ArrowUp" | "ArrowRight" | "ArrowLeft";

/** Where an arrow goes: down and up line by line and on to the next row, right and left to what stands level. */
export function beside(stacks: Stacks, { row, column }: Place, arrow: Arrow): Place {
  const at = stacks.findIndex((stack) => stack.some((each) => each.column === column));
  const stack = stacks[at];
  if (stack === undefined) return { row, column };
  const index = stack.findIndex((each) => each.column === column);
  switch (arrow) {
    case "ArrowDown":
      return row >= 0 && index + 1 < stack.length
        ? { row, column: stack[index + 1]!.column }
        : { row: row + 1, column: stack[0]!.column };
    case "ArrowUp":
      return row >= 0 && index > 0
        ? { row, column: stack[index - 1]!.column }
        : { row: row - 1, column: (row > 0 ? stack.at(-1)! : stack[0]!).column };
    case "ArrowRight":
    case "ArrowLeft": {
      const next = stacks[arrow === "ArrowRight" ? at + 1 : at - 1];
      return next === undefined ? { row, column } : { row, column: columnAt(next, stack[index]!.line ?? 0) };
    }
  }
}

/** The column of a stack on a line, or the nearest to it. */
export function columnAt(stack: readonly StackedColumn[], line: number): number {
  const away = (each: StackedColumn): number => Math.abs((each.line ?? line) - line);
  return stack.reduce((nearest, each) => (away(each) < away(nearest) ? each : nearest)).column;
}
