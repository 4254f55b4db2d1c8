import { overlap } from "./overlap.ts";

/** What a piece of an answer gives: of what the model thought, and of the text after it. */
export interface SplitPiece {
  readonly thought: string;
  readonly text: string;
}

const opening = "<think>";
const closing = "</think>";

/**
 * Tells what a model thought from its answer, where it writes the thought between `<think>` and `</think>` at the very beginning of its text. White
 * space around either tag belongs to neither; whatever pieces the text comes in, both are the same. A text that begins otherwise is given
 * as it came, whatever stands in it later; one that ends inside the tag is all thought. `</think>` without a beginning, where a server's template
 * wrote that into the prompt, cannot be told from a text about the tag before that was given out: it stays text, unless `begun` says what the
 * prompt has of the answer.
 */
export function createThoughtSplit(begun = "") {
  let place: "before" | "opened" | "thought" | "closed" | "text" = "before";
  let held = "";

  function push(piece: string): SplitPiece {
    let rest = held + piece;
    let thought = "";
    held = "";
    if (place === "before") {
      const start = rest.trimStart();
      if (start.startsWith(opening)) {
        place = "opened";
        rest = start.slice(opening.length);
      } else if (opening.startsWith(start)) {
        held = rest;
        rest = "";
      } else place = "text";
    }
    if (place === "opened") {
      rest = rest.trimStart();
      if (rest !== "") place = "thought";
    }
    if (place === "thought") {
      const end = rest.indexOf(closing);
      const most = end === -1 ? rest.length - overlap(rest, closing) : end;
      thought = rest.slice(0, most).trimEnd();
      if (end === -1) {
        held = rest.slice(thought.length);
        rest = "";
      } else {
        place = "closed";
        rest = rest.slice(end + closing.length);
      }
    }
    if (place === "closed") {
      rest = rest.trimStart();
      if (rest !== "") place = "text";
    }
    return { thought, text: rest };
  }

  push(begun);
  return {
    push,
    /** What was held back, when the text has ended. */
    rest(): SplitPiece {
      const rest = held;
      held = "";
      return place === "thought" ? { thought: rest.trimEnd(), text: "" } : { thought: "", text: rest };
    },
  };
}
