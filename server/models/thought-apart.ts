import { createThoughtSplit, type SplitPiece } from "./create-thought-split.ts";
import type { StreamPart } from "./model.ts";

/**
 * The parts of an answer, of which what the model thought in its text, between `<think>` and `</think>` at the beginning, is made reasoning.
 * Where the server begins with reasoning it tells the two apart itself, and the text stays as it is.
 */
export async function* thoughtApart(parts: AsyncIterable<StreamPart>): AsyncGenerator<StreamPart, void, undefined> {
  const split = createThoughtSplit();
  let reader: "unknown" | "server" | "split" = "unknown";
  try {
    for await (const part of parts) {
      if (reader === "unknown" && part.type === "reasoning") reader = "server";
      if (reader === "unknown" && part.type === "text") reader = "split";
      if (reader === "split" && part.type === "text") {
        const piece = split.push(part.text);
        // Something is given for every piece: from the first on the answer may be paid for, and is not asked for again.
        if (piece.text === "" && piece.thought === "") yield { type: "reasoning", text: "" };
        else yield* partsOf(piece);
        continue;
      }
      if (part.type === "finish") yield* partsOf(split.rest());
      yield part;
    }
  } catch (thrown) {
    yield* partsOf(split.rest());
    throw thrown;
  }
}

function partsOf({ thought, text }: SplitPiece): readonly StreamPart[] {
  return [
    ...(thought === "" ? [] : [{ type: "reasoning" as const, text: thought }]),
    ...(text === "" ? [] : [{ type: "text" as const, text }]),
  ];
}
