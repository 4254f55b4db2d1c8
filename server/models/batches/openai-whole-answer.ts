import type { Usage } from "#server/notebook/services.ts";
import { tokenCounts } from "../token-counts.ts";
import type { WholeAnswer } from "./batch-end.ts";

/** What is read of a whole answer of Chat Completions or of Responses. */
export interface OpenAIBody {
  readonly object?: string;
  readonly model?: string;
  readonly error?: unknown;
  readonly choices?: readonly {
    readonly finish_reason?: string | null;
    readonly message?: {
      readonly content?: string | null;
      readonly refusal?: string | null;
      readonly reasoning_content?: string | null;
    };
  }[];
  readonly status?: string;
  readonly incomplete_details?: { readonly reason?: string } | null;
  readonly output?: readonly {
    readonly type?: string;
    readonly summary?: readonly { readonly text?: string }[];
    readonly content?: readonly { readonly type?: string; readonly text?: string; readonly refusal?: string }[];
  }[];
  readonly usage?: OpenAIUsage | null;
}

/** Chat Completions says `prompt` and `completion`, Responses `input` and `output`. */
interface OpenAIUsage {
  readonly prompt_tokens?: number;
  readonly completion_tokens?: number;
  readonly input_tokens?: number;
  readonly output_tokens?: number;
  readonly prompt_tokens_details?: Details | null;
  readonly completion_tokens_details?: Details | null;
  readonly input_tokens_details?: Details | null;
  readonly output_tokens_details?: Details | null;
}

interface Details {
  readonly cached_tokens?: number;
  readonly cache_write_tokens?: number;
  readonly reasoning_tokens?: number;
}

/** The answer in a body of either protocol; null where it has none, as one that failed. */
export function openAIWholeAnswer(body: OpenAIBody): WholeAnswer | null {
  const facts = { usage: toUsage(body.usage ?? {}), model: body.model };
  if (body.object === "response") {
    const reason = body.incomplete_details?.reason;
    if (body.status !== "completed" && body.status !== "incomplete") return null;
    const output = body.output ?? [];
    const contents = output.flatMap(({ content = [] }) => content);
    const refused = contents.some(({ refusal }) => refusal !== undefined);
    return {
      ...facts,
      text: contents.map(({ text, refusal }) => text ?? refusal ?? "").join(""),
      reasoning: output.flatMap(({ summary = [] }) => summary.map(({ text = "" }) => text)).join("\n\n"),
      finish: refused ? "content-filter" : body.status === "completed" ? "stop" : cutBy(reason),
    };
  }
  const [choice] = body.choices ?? [];
  if (choice?.finish_reason == null) return null;
  const { content, refusal, reasoning_content: reasoning } = choice.message ?? {};
  return {
    ...facts,
    text: content ?? refusal ?? "",
    reasoning: reasoning ?? "",
    finish: refusal ? "content-filter" : cutBy(choice.finish_reason),
  };
}

function toUsage(usage: OpenAIUsage): Usage {
  const sent = usage.prompt_tokens_details ?? usage.input_tokens_details;
  const answered = usage.completion_tokens_details ?? usage.output_tokens_details;
  return tokenCounts({
    input: usage.prompt_tokens ?? usage.input_tokens,
    output: usage.completion_tokens ?? usage.output_tokens,
    cachedInput: sent?.cached_tokens,
    cacheWrite: sent?.cache_write_tokens,
    reasoning: answered?.reasoning_tokens,
  });
}

function cutBy(reason: string | undefined): WholeAnswer["finish"] {
  switch (reason) {
    case "stop":
      return "stop";
    case "length":
    case "max_output_tokens":
      return "length";
    case "content_filter":
      return "content-filter";
    default:
      return "other";
  }
}
