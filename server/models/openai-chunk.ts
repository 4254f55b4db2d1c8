import { isMapping } from "#server/notebook/is-mapping.ts";
import type { Usage } from "#server/notebook/services.ts";
import type { ParsedEvent } from "./http-stream.ts";
import type { StreamPart } from "./model.ts";
import { without } from "./provider-facts.ts";
import { isCount, mediaCounts, tokenCounts } from "./token-counts.ts";

/** What is read of a chunk; compatible servers leave out or add what they like. */
export interface Chunk {
  readonly id?: string;
  /** `error` of an event that is one, in vLLM's and SGLang's own shape. */
  readonly object?: string;
  readonly error?: unknown;
  /** Of Groq: why it stopped a stream early, beside the reason of its end, and its counts. */
  readonly x_groq?: { readonly error?: unknown; readonly usage?: ChunkUsage | null } | null;
  readonly model?: string;
  readonly usage?: ChunkUsage | null;
  /** Noise of random length against those who listen to the line. */
  readonly obfuscation?: string;
  readonly choices?: readonly Choice[];
  /** The answer it is, where that was not streamed. */
  readonly whole?: WholeChat;
}

interface Choice {
  readonly index?: number | null;
  readonly finish_reason?: string | null;
  /** Of `/completions`. */
  readonly text?: string;
  readonly logprobs?: unknown;
  /** Of OpenRouter: why it ended as an `error`. */
  readonly error?: unknown;
  readonly delta?: Said;
}

/** What a chunk's delta says, or a whole answer's message. */
export interface Said {
  readonly content?: string | readonly ContentPart[] | null;
  readonly refusal?: string | null;
  readonly reasoning_content?: string | null;
  readonly reasoning?: string | null;
  readonly reasoning_details?: unknown;
  readonly role?: string;
}

/** A whole answer of Chat Completions, as far as it is read. */
export interface WholeChat extends Omit<Chunk, "choices" | "whole"> {
  readonly choices?: readonly (Omit<Choice, "delta"> & { readonly message?: Said })[];
}

/** A whole answer as the chunk it would be streamed as, were there one, with itself; what has no choice is an error. */
export function chunkOfWhole(whole: WholeChat): ParsedEvent {
  const { choices = [], ...rest } = whole;
  if (choices.length === 0) return { event: "error", data: rest };
  const deltas = choices.map(({ message = {}, ...choice }) => ({ ...choice, delta: message }));
  return { data: { ...rest, choices: deltas, whole } };
}

/** The error that a chunk says, as any of the servers puts it; null where it says none. */
export function errorIn(chunk: Chunk): unknown {
  return (chunk.object === "error" ? chunk : null) ?? (chunk.error || chunk.x_groq?.error || null);
}

/** What a chunk has besides its choices. One that only says something of others, as Azure's filters send them, has empty names. */
export function membersOf(chunk: Chunk): { readonly [member: string]: unknown } {
  return without({ ...chunk }, ["choices", "obfuscation", ...(chunk.id === "" ? names : [])]);
}

const names = ["id", "object", "created", "model"];

/** The text of an answer, and what was thought, as any of the servers puts it. */
export function textsOf({ content, refusal, reasoning_content, reasoning }: Said): {
  readonly text: string | null | undefined;
  readonly thought: string | null | undefined;
} {
  const said = contentOf(content);
  return { text: said.text || (refusal ?? said.text), thought: reasoning_content ?? reasoning ?? said.thought };
}

/** What Mistral's thinking models send in place of a text. */
interface ContentPart {
  readonly type?: string;
  readonly text?: string;
  readonly thinking?: readonly { readonly text?: string }[];
}

function contentOf(content: string | readonly ContentPart[] | null | undefined): {
  readonly text: string | null;
  readonly thought?: string;
} {
  if (!Array.isArray(content)) return { text: (content as string | null | undefined) ?? null };
  const parts = content as readonly ContentPart[];
  return {
    text: parts.map(({ text = "" }) => text).join(""),
    thought: parts.flatMap(({ thinking = [] }) => thinking.map(({ text = "" }) => text)).join(""),
  };
}

/** What a choice has besides its text and its thoughts: why it ended, and what is marked in it. */
export function withoutTexts({ delta, ...choice }: Choice): { readonly [member: string]: unknown } {
  const details = delta?.reasoning_details;
  return {
    choice: {
      ...without(choice, ["text", "logprobs"]),
      ...without({ ...delta }, texts),
      ...(Array.isArray(details) ? withoutThoughts(details) : {}),
    },
  };
}

/** Of what OpenRouter says of thoughts piece by piece, what is no text: that they are signed, or encrypted. */
function withoutThoughts(details: readonly unknown[]): { readonly reasoning_details?: readonly unknown[] } {
  const others = details.filter((one) => isMapping(one) && one["text"] == null && one["summary"] == null);
  return others.length === 0 ? {} : { reasoning_details: others };
}

const texts = ["role", "content", "refusal", "reasoning_content", "reasoning", "reasoning_details"];

/** Chat Completions' counts of tokens, of a stream and of a whole answer. */
export interface ChunkUsage {
  readonly prompt_tokens?: number;
  readonly completion_tokens?: number;
  readonly total_tokens?: number;
  readonly prompt_tokens_details?:
    | (MediaTokens & { readonly cached_tokens?: number; readonly cache_write_tokens?: number })
    | null;
  /** Of DeepSeek, whose reference has it in place of `prompt_tokens_details`: https://api-docs.deepseek.com/api/create-chat-completion */
  readonly prompt_cache_hit_tokens?: number;
  readonly completion_tokens_details?: (MediaTokens & { readonly reasoning_tokens?: number }) | null;
}

interface MediaTokens {
  readonly audio_tokens?: number;
  readonly image_tokens?: number;
}

/** How a server counts what was thought where it says no more of it than the sum. */
export type ThoughtCount = "in the sum" | "said";

/**
 * Chat Completions' counts as Sheaf has them. Some servers, xAI's for one, count what was thought beside `completion_tokens`, as their sum shows, and Gemini's
 * has it in its sum alone: `output` has it either way. Of counts that no sum explains `output` is left out, and the call is unpriced.
 * Source of Gemini's: https://discuss.ai.google.dev/t/127400
 */
export function chunkUsage(usage: ChunkUsage, thoughts: ThoughtCount = "said"): Usage {
  const { prompt_tokens_details: sent, completion_tokens_details: answered } = usage;
  return tokenCounts({
    input: usage.prompt_tokens,
    ...outputOf(usage, thoughts),
    cachedInput: sent?.cached_tokens ?? usage.prompt_cache_hit_tokens,
    cacheWrite: sent?.cache_write_tokens,
    ...mediaCounts("audio", sent?.audio_tokens, answered?.audio_tokens),
    ...mediaCounts("image", sent?.image_tokens, answered?.image_tokens),
  });
}

function outputOf(
  { prompt_tokens: input, completion_tokens, total_tokens: sum, completion_tokens_details: details }: ChunkUsage,
  thoughts: ThoughtCount,
): { readonly output: unknown; readonly reasoning: unknown } {
  const reasoning = details?.reasoning_tokens;
  // What is 0 Gemini leaves out.
  const output = completion_tokens ?? (thoughts === "in the sum" ? 0 : undefined);
  if (!isCount(input) || !isCount(output) || !isCount(sum) || sum === input + output) return { output, reasoning };
  if (isCount(reasoning) && sum === input + output + reasoning) return { output: output + reasoning, reasoning };
  const rest = sum - input - output;
  if (thoughts === "in the sum" && rest > 0) return { output: output + rest, reasoning: reasoning ?? rest };
  return { output: undefined, reasoning };
}

/** How an answer came to its end: for a reason of answers, cut off by its server, or with what is none. */
export type ChunkEnd = Extract<StreamPart, { type: "finish" }>["reason"] | "cut" | "none";

/**
 * Why an answer ended: `cut` where its server stopped it before its end, as vLLM, OpenRouter and DeepSeek say it, `none` where the model tried what it was not asked for. Gemini's
 * compatible endpoint has its own words, alone or behind one for all of them: `content_filter: RECITATION`, `function_call_filter: MALFORMED_FUNCTION_CALL`.
 * Source of Gemini's: "FinishReason" of its API reference, https://ai.google.dev/api/generate-content#FinishReason
 */
export function finishReason(reason: string): ChunkEnd {
  const [word = ""] = reason.toLowerCase().split(":");
  switch (word) {
    case "stop":
    case "length":
      return word;
    case "model_length":
    case "max_tokens":
      return "length";
    case "content_filter":
    case "safety":
    case "recitation":
    case "blocklist":
    case "prohibited_content":
    case "spii":
    case "image_safety":
    case "image_prohibited_content":
    case "image_recitation":
      return "content-filter";
    case "abort":
    case "cancelled":
    case "error":
    case "insufficient_system_resource":
      return "cut";
    default:
      return /_filter$|^malformed_/.test(word) ? "none" : "other";
  }
}
