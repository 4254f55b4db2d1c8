import { chunkUsage, finishReason, textsOf, type ChunkUsage, type Said } from "../openai-chunk.ts";
import { splitThought } from "../split-thought.ts";
import { outputEvents, responseOutput, type OutputItem } from "../openai-response-output.ts";
import { responseFinish, responseUsage, type ResponseUsage } from "../openai-responses.ts";
import type { Usage } from "#server/notebook/services.ts";
import type { WholeAnswer } from "./batch-end.ts";

/** What is read of a whole answer of Chat Completions or of Responses. */
export interface OpenAIBody {
  readonly object?: string;
  readonly model?: string;
  readonly error?: unknown;
  readonly choices?: readonly {
    readonly finish_reason?: string | null;
    readonly message?: Said;
  }[];
  readonly status?: string;
  readonly incomplete_details?: { readonly reason?: string } | null;
  readonly output?: readonly OutputItem[];
  readonly usage?: (ChunkUsage & ResponseUsage) | null;
}

/** The answer in a body of either protocol; null where it has none, as one that failed. */
export function openAIWholeAnswer(body: OpenAIBody): WholeAnswer | null {
  if (body.object === "response") {
    const said = { text: "", reasoning: "" };
    const output = responseOutput();
    for (const event of outputEvents(body.output ?? [])) {
      const part = output.read(event);
      if (part !== null) said[part.type] += part.text;
    }
    const finish = responseFinish(body, output.refused);
    return finish === null ? null : { ...said, usage: openAIUsage(body), model: body.model, finish };
  }
  const [choice] = body.choices ?? [];
  if (choice?.finish_reason == null || choice.message == null) return null;
  const finish = finishReason(choice.finish_reason);
  if (finish === "cut" || finish === "none") return null;
  const said = textsOf(choice.message);
  // What no text is has its error where the answer is read.
  const { text, thought } = said.thought || typeof said.text !== "string" ? said : splitThought(said.text);
  return {
    usage: openAIUsage(body),
    model: body.model,
    text: text ?? "",
    reasoning: thought ?? "",
    finish: choice.message.refusal ? "content-filter" : finish,
  };
}

/** What a body of either protocol counts, whether it has an answer or not. */
export function openAIUsage({ object, usage }: OpenAIBody): Usage {
  return object === "response" ? responseUsage(usage) : chunkUsage(usage ?? {});
}
