import { createThoughtSplit, type SplitPiece } from "./create-thought-split.ts";

/** What a model thought, and its answer, in the whole of a text; see `createThoughtSplit`. */
export function splitThought(whole: string): SplitPiece {
  const split = createThoughtSplit();
  const { thought, text } = split.push(whole);
  const rest = split.rest();
  return { thought: thought + rest.thought, text: text + rest.text };
}
