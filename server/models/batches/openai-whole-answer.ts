import { chunkUsage, finishReason, type ChunkUsage } from "../openai-chunk.ts";
import { cutBy, responseUsage, type ResponseUsage } from "../openai-responses.ts";
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
  readonly usage?: (ChunkUsage & ResponseUsage) | null;
}

/** The answer in a body of either protocol; null where it has none, as one that failed. */
export function openAIWholeAnswer(body: OpenAIBody): WholeAnswer | null {
  if (body.object === "response") {
    const reason = body.incomplete_details?.reason;
    if (body.status !== "completed" && body.status !== "incomplete") return null;
    const output = body.output ?? [];
    const contents = output.flatMap(({ content = [] }) => content);
    const refused = contents.some(({ refusal }) => refusal !== undefined);
    return {
      usage: responseUsage(body.usage),
      model: body.model,
      text: contents.map(({ text, refusal }) => text ?? refusal ?? "").join(""),
      reasoning: output.flatMap(({ summary = [] }) => summary.map(({ text = "" }) => text)).join("\n\n"),
      finish: refused ? "content-filter" : body.status === "completed" ? "stop" : cutBy(reason),
    };
  }
  const [choice] = body.choices ?? [];
  if (choice?.finish_reason == null) return null;
  const { content, refusal, reasoning_content: reasoning } = choice.message ?? {};
  return {
    usage: chunkUsage(body.usage ?? {}),
    model: body.model,
    text: content ?? refusal ?? "",
    reasoning: reasoning ?? "",
    finish: refusal ? "content-filter" : finishReason(choice.finish_reason),
  };
}
