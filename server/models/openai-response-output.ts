import type { StreamPart } from "./model.ts";

/** What is read of an event of Responses; compatible servers leave out or add what they like. */
export interface OutputEvent {
  readonly type?: string | undefined;
  readonly delta?: string;
  readonly output_index?: number;
  readonly item?: { readonly phase?: string | null };
}

/** An item of a whole response's `output`. */
export interface OutputItem {
  readonly type?: string;
  readonly phase?: string | null;
  readonly summary?: readonly { readonly text?: string }[];
  readonly content?: readonly { readonly type?: string; readonly text?: string; readonly refusal?: string }[];
}

type Text = Extract<StreamPart, { type: "text" | "reasoning" }>;

/** Tells what a response answers from what it thought on the way. */
export interface ResponseOutput {
  /** What an event says; null where that is nothing to be read. */
  read(event: OutputEvent): Text | null;
  /** Whether it refused to answer. */
  readonly refused: boolean;
}

/**
 * What the model thought, its summary, and what it says on the way to its answer (`phase: commentary`) is reasoning; a refusal is
 * text. Source: OpenAI API reference, "Responses" › "Streaming events".
 */
export function responseOutput(): ResponseOutput {
  const asides = new Set<number>();
  let thought = false;
  let refused = false;
  const thinks = (text: string): Text => {
    thought = true;
    return { type: "reasoning", text };
  };
  return {
    read({ type, delta, output_index: index = -1, item }) {
      switch (type) {
        case "response.output_item.added":
          if (item?.phase !== "commentary") return null;
          asides.add(index);
          return thought ? thinks("\n\n") : null;
        case "response.reasoning_summary_part.added":
          return thought ? thinks("\n\n") : null;
        case "response.reasoning_summary_text.delta":
        case "response.reasoning_text.delta":
          return delta ? thinks(delta) : null;
        case "response.refusal.delta":
        case "response.output_text.delta":
          if (!delta) return null;
          if (type === "response.refusal.delta") refused = true;
          return asides.has(index) ? thinks(delta) : { type: "text", text: delta };
        default:
          return null;
      }
    },
    get refused() {
      return refused;
    },
  };
}

/** A whole output as the events it would be streamed as. */
export function* outputEvents(output: readonly OutputItem[]): Generator<OutputEvent, void, undefined> {
  for (const [index, item] of output.entries()) {
    yield { type: "response.output_item.added", output_index: index, item };
    for (const { text: delta = "" } of item.summary ?? []) {
      yield { type: "response.reasoning_summary_part.added" };
      yield { type: "response.reasoning_summary_text.delta", delta };
    }
    for (const { type, text, refusal } of item.content ?? []) {
      const said = refusal === undefined ? (type ?? "output_text") : "refusal";
      yield { type: `response.${said}.delta`, delta: text ?? refusal ?? "", output_index: index };
    }
  }
}
