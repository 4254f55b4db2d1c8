import type { StreamPart } from "./model.ts";

/** What is read of an event of Responses; compatible servers leave out or add what they like. */
export interface OutputEvent {
  readonly type?: string | undefined;
  readonly delta?: string;
  readonly output_index?: number;
  readonly item?: { readonly phase?: string | null };
  /** What a text, or a refusal, was as a whole; a part that is either. */
  readonly text?: string;
  readonly refusal?: string;
  readonly part?: { readonly type?: string; readonly text?: string; readonly refusal?: string };
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
  /** The text of the answer so far. */
  readonly answer: string;
  /** What the text that came is beside what closed it, and beside the answer of the whole output. What says no text says nothing. */
  atEnd(output: readonly OutputItem[]): "same" | "other" | "not said";
}

/**
 * What the model thought, its summary, and what it says on the way to its answer (`phase: commentary`) is reasoning; a refusal is
 * text. Source: OpenAI API reference, "Responses" › "Streaming events".
 */
export function responseOutput(): ResponseOutput {
  const asides = new Set<number>();
  let thought = false;
  let refused = false;
  let answer = "";
  let open = "";
  let closed = "";
  let other = false;
  const thinks = (text: string): Text => {
    thought = true;
    return { type: "reasoning", text };
  };
  /** Holds what came since the text that was closed last against what it is said to be; more than one event may close it. */
  const close = (said: string | undefined): null => {
    if (open !== "") [closed, open] = [open, ""];
    other ||= Boolean(said) && !isSame(said!, closed);
    return null;
  };
  return {
    read({ type, delta, output_index: index = -1, item, text, refusal, part }) {
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
          open += delta;
          if (asides.has(index)) return thinks(delta);
          answer += delta;
          return { type: "text", text: delta };
        // Not by their indexes: vLLM closes a text under another than it streamed it, and llama.cpp under none.
        case "response.output_text.done":
        case "response.refusal.done":
          return close(text ?? refusal);
        case "response.content_part.done":
          return part?.type === "output_text" || part?.type === "refusal" ? close(part.text ?? part.refusal) : null;
        default:
          return null;
      }
    },
    get refused() {
      return refused;
    },
    get answer() {
      return answer;
    },
    atEnd(output) {
      const whole = responseOutput();
      for (const event of outputEvents(output)) whole.read(event);
      if (other) return "other";
      if (whole.answer === "") return "not said";
      return isSame(whole.answer, answer) ? "same" : "other";
    },
  };
}

/** Servers take the white space around a text away when they say it as a whole. */
function isSame(one: string, other: string): boolean {
  return one.trim() === other.trim();
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
