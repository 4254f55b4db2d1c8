import type { LlamaContextSequence, LlamaModel, Token } from "node-llama-cpp";
import type { ModelParameters } from "#server/notebook/services.ts";
import type { Constraint } from "./grammar-for.ts";
import { createStopStrings } from "./stop-strings.ts";

export interface Generation {
  readonly model: LlamaModel;
  readonly sequence: LlamaContextSequence;
  /** The end of the prompt, not yet evaluated; at least one token. */
  readonly rest: Token[];
  /** Tokens that end the answer as the model's own end mark does. */
  readonly ends: ReadonlySet<Token>;
  /** The most tokens to generate. */
  readonly limit: number;
  readonly constraint: Constraint | null;
  readonly parameters: ModelParameters;
  readonly signal: AbortSignal;
  emit(text: string): Promise<void>;
}

/** Tokens before a piece that its text may depend on (a leading space, a character in several tokens). */
const contextOfPiece = 8;

/**
 * Generates until the model ends, a stop string comes or the limit is reached. Greedy unless a temperature over 0 is set, so that the
 * same prompt gives the same answer. An answer held to a schema is given without white space around it.
 */
export async function generate({
  model,
  sequence,
  rest,
  ends,
  limit,
  constraint,
  parameters,
  signal,
  emit,
}: Generation) {
  const stops = createStopStrings([...(parameters.stop ?? []), ...(constraint === null ? [] : [constraint.stop])]);
  const tokens: Token[] = [];
  const pending: Token[] = [];
  let begun = constraint === null;
  let blank = "";

  /** Gives text out; around a constrained answer white space is dropped, which is known only when more text follows. */
  async function give(text: string): Promise<void> {
    if (constraint === null) return text === "" ? undefined : emit(text);
    const whole = blank + (begun ? text : text.trimStart());
    const kept = whole.trimEnd();
    blank = kept === "" && !begun ? "" : whole.slice(kept.length);
    if (kept === "") return;
    begun = true;
    await emit(kept);
  }

  if (limit > 0)
    for await (const token of sequence.evaluate(rest, samplingOptions(parameters, constraint))) {
      signal.throwIfAborted();
      if (ends.has(token)) break;
      pending.push(token);
      const piece = model.detokenize(pending, false, tokens.slice(-contextOfPiece));
      // A character of several tokens shows as U+FFFD until the last of them.
      if (!piece.endsWith("\uFFFD") || pending.length > contextOfPiece) {
        tokens.push(...pending.splice(0));
        const { text, stopped } = stops.push(piece);
        await give(text);
        if (stopped) return { reason: "stop" as const, output: tokens.length };
      }
      if (tokens.length + pending.length >= limit) break;
    }
  const output = tokens.length + pending.length;
  const { text, stopped } = stops.push(model.detokenize(pending, false, tokens.slice(-contextOfPiece)));
  await give(stopped ? text : text + stops.rest());
  return { reason: output >= limit && !stopped ? ("length" as const) : ("stop" as const), output };
}

function samplingOptions({ temperature = 0, top_p, seed }: ModelParameters, constraint: Constraint | null) {
  return {
    temperature,
    ...(top_p === undefined ? {} : { topP: top_p }),
    ...(seed === undefined ? {} : { seed: Math.abs(Math.trunc(seed)) % 2 ** 32 }),
    ...(constraint === null ? {} : { grammarEvaluationState: constraint.state }),
  };
}
