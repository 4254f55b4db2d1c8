import type { ChatAnswer, Usage } from "#server/notebook/services.ts";

/** What is told with every part of an answer. */
export interface AnswerHead {
  /** `chatcmpl-…`. */
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly model: string;
}

/** A whole answer, `chat.completion`. Source: OpenAI API reference, "The chat completion object". */
export function chatCompletion({ id, created, model }: AnswerHead, { text, finish, call }: ChatAnswer) {
  return {
    id,
    object: "chat.completion",
    created,
    model,
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: text, refusal: null },
        logprobs: null,
        finish_reason: finishReason(finish),
      },
    ],
    usage: openAIUsage(call.usage),
  };
}

/** The chunk with which a stream begins, `chat.completion.chunk`. */
export function firstChunk(head: AnswerHead) {
  return chunk(head, { role: "assistant", content: "" }, null);
}

export function textChunk(head: AnswerHead, content: string) {
  return chunk(head, { content }, null);
}

/** The chunk that says how the answer ended, and with `includeUsage` the one that says what it took. */
export function lastChunks(head: AnswerHead, { finish, call }: ChatAnswer, includeUsage: boolean): readonly object[] {
  const last = chunk(head, {}, finishReason(finish));
  return includeUsage ? [last, { ...last, choices: [], usage: openAIUsage(call.usage) }] : [last];
}

function chunk({ id, created, model }: AnswerHead, delta: object, finish: string | null) {
  return {
    id,
    object: "chat.completion.chunk",
    created,
    model,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  };
}

function finishReason(finish: ChatAnswer["finish"]): string {
  switch (finish) {
    case "stop":
    case "length":
      return finish;
    case "content-filter":
      return "content_filter";
    case "other":
      return "stop";
  }
}

function openAIUsage({ input = 0, output = 0, cachedInput, reasoning }: Usage) {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    ...(cachedInput === undefined ? {} : { prompt_tokens_details: { cached_tokens: cachedInput } }),
    ...(reasoning === undefined ? {} : { completion_tokens_details: { reasoning_tokens: reasoning } }),
  };
}
