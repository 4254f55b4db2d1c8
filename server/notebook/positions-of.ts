import { positionsIn } from "#server/language/position.ts";
import type { Position } from "./value.ts";

let last: { readonly text: string; readonly position: (start: number, end: number) => Position } | null = null;

/** Finds positions in a text. The lines of the last text are kept, because its cells are asked for one by one. */
export function positionsOf(text: string): (start: number, end: number) => Position {
  if (last?.text !== text) last = { text, position: positionsIn(text) };
  return last.position;
}
