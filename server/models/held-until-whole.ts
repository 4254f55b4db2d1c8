import type { StreamPart } from "./model.ts";

/** An answer that is read only when it is whole: its text is held as it comes, and all of it comes as `unwrap` has it before the finish. */
export async function* heldUntilWhole(
  parts: AsyncIterable<StreamPart>,
  unwrap: (text: string) => string,
): AsyncGenerator<StreamPart, void, undefined> {
  let held = "";
  for await (const part of parts) {
    if (part.type === "text") {
      held += part.text;
      yield { type: "held", text: part.text };
    } else {
      if (part.type === "finish" && held !== "") yield { type: "text", text: unwrap(held) };
      yield part;
    }
  }
}
