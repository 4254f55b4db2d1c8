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
    if (place === undefined) return nearest(field, positions) ?? otherwise;
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

/** The place of a field, or of the one around it that is written: what an expression came to has no places of its own. */
function nearest(field: string, positions: Configuration["positions"]): Position | undefined {
  const around = field.lastIndexOf(".");
  return positions[field] ?? (around < 0 ? undefined : nearest(field.slice(0, around), positions));
}
