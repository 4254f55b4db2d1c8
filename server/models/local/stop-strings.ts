import { overlap } from "../overlap.ts";

/**
 * Finds the first of some strings in a text that comes in pieces. Text that could be the beginning of one is held back until it is
 * known; what is given out never holds a stop string or a part of one that came true.
 */
export function createStopStrings(stops: readonly string[]) {
  const wanted = stops.filter((stop) => stop !== "");
  let held = "";
  return {
    /** Takes a piece; gives what may go out, and whether a stop string was found: then nothing more comes. */
    push(piece: string): { readonly text: string; readonly stopped: boolean } {
      const text = held + piece;
      // The one that is whole first counts, so that it does not matter how the text was cut into pieces.
      const found = wanted
        .map((stop) => ({ start: text.indexOf(stop), end: text.indexOf(stop) + stop.length }))
        .filter(({ start }) => start >= 0)
        .sort((a, b) => a.end - b.end || a.start - b.start)[0];
      if (found !== undefined) {
        held = "";
        return { text: text.slice(0, found.start), stopped: true };
      }
      const keep = Math.max(0, ...wanted.map((stop) => overlap(text, stop)));
      held = text.slice(text.length - keep);
      return { text: text.slice(0, text.length - keep), stopped: false };
    },
    /** What was held back, when the text has ended. */
    rest(): string {
      const text = held;
      held = "";
      return text;
    },
  };
}
