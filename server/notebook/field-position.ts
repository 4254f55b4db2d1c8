import { positionsOf } from "./positions-of.ts";
import type { Configuration } from "./notebook.ts";
import type { Position } from "./value.ts";

/** Gives the place in the file `text` of a place in the expression of a field, counted behind the `=`; the field's own where that is no expression. */
export function fieldPositions(
  text: string,
  { positions }: Pick<Configuration, "positions">,
  otherwise: Position,
): (at: Position, field: string) => Position {
  const position = positionsOf(text);
  return (at, field) => {
    const place = positions[`expression:${field}`];
    if (place === undefined) return positions[field] ?? otherwise;
    // Of a text in lines each line is indented as the first, where the sign is.
    const above = text
      .slice(place.offset)
      .split("\n", at.line - 1)
      .join("\n").length;
    const inside = at.line === 1 ? at.offset : above + 1 + (place.column - 2) + (at.column - 1);
    const start = place.offset + Math.min(inside, place.length);
    return position(start, Math.min(start + at.length, place.offset + place.length));
  };
}
