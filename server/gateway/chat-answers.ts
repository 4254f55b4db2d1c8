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
    ...openAIUsage(call.usage),
  };
}

/** The chunk with which a stream begins, `chat.completion.chunk`. */
export function firstChunk(head: AnswerHead) {
  return chunk(head, { role: "assistant", content: "" }, null);
}

export function textChunk(head: AnswerHead, content: string) {
  return chunk(head, { content }, null);
}

/** The chunk that says how the answer ended, and with `includeUsage` the one that says what it took, where that is known. */
export function lastChunks(head: AnswerHead, { finish, call }: ChatAnswer, includeUsage: boolean): readonly object[] {
  const last = chunk(head, {}, finishReason(finish));
  const usage = openAIUsage(call.usage);
  return includeUsage && "usage" in usage ? [last, { ...last, choices: [], ...usage }] : [last];
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
    case "other":
      return finish;
    case "content-filter":
      return "content_filter";
  }
}

/** Nothing where it is not known, which is not 0. */
function openAIUsage({ input, output, cachedInput, reasoning }: Usage) {
  if (input === undefined || output === undefined) return {};
  return {
    usage: {
      prompt_tokens: input,
      completion_tokens: output,
      total_tokens: input + output,
      ...(cachedInput === undefined ? {} : { prompt_tokens_details: { cached_tokens: cachedInput } }),
      ...(reasoning === undefined ? {} : { completion_tokens_details: { reasoning_tokens: reasoning } }),
    },
  };
}
