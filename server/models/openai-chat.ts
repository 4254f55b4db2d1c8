import type OpenAI from "openai";
import type { Usage } from "#server/notebook/services.ts";
import { toAnswerSchema } from "./answer-schema.ts";
import { openStream, type SendRequest } from "./http-stream.ts";
import { ModelError } from "./model-error.ts";
import type { ChatModel, ChatRequest, HttpPost, ProviderSettings, StreamPart } from "./model.ts";
import { keysOf, openAIClient, type OpenAIAccount, type OpenAIConnection } from "./openai-client.ts";
import { withKeys } from "./provider-keys.ts";
import { tokenCounts } from "./token-counts.ts";
import { failureError, truncatedError, wentOn, type ErrorSource } from "./provider-error.ts";

export interface OpenAIChatOptions extends OpenAIAccount {
  /** The model's full name in Sheaf and its name at the provider. */
  readonly name: string;
  readonly model: string;
  readonly effect: "model" | "paid";
  /** The provider's word for the limit of tokens: OpenAI's newer models refuse `max_tokens`, most others know only that. */
  readonly maxTokens: "max_tokens" | "max_completion_tokens";
  /** Whether text can be continued at `/completions`. */
  readonly completions: boolean;
}

/**
 * A chat model behind OpenAI's Chat Completions protocol, streamed with usage. The answer is good only where it has both a
 * `finish_reason` and the closing `[DONE]`. A refusal is text that ends with `content-filter`.
 * Source: OpenAI API reference, "Chat Completions" and "Streaming".
 */
export function openAIChatModel(options: OpenAIChatOptions, settings: ProviderSettings): ChatModel {
  return withKeys(keysOf(options, settings), (key) => chatModel(options, openAIClient(options, settings, key)));
}

function chatModel(options: OpenAIChatOptions, connect: OpenAIConnection): ChatModel {
  const { name, identity, effect } = options;
  return {
    name,
    identity,
    effect,
    ready: async () => void connect.key(),
    http: {
      protocol: "openai",
      baseUrl: options.baseUrl,
      ...(options.keyVariable === undefined ? {} : { keyVariable: options.keyVariable }),
      post: async (request) => openAIPost(options, request),
    },
    async *stream(request, signal) {
      const source: ErrorSource = { ...options, secrets: connect.secrets };
      const schema = toAnswerSchema(request.schema);
      const client = await connect.client();
      const send =
        request.completion === undefined ? chat(client, options, request) : complete(client, options, request);
      const stream = await openStream(send, ({ data }) => data === "[DONE]", source, signal);
      yield* stream.limits;
      let finish: string | undefined;
      let usage: Usage = {};
      let answeredBy: string | undefined;
      let refused = false;
      let held = "";
      for await (const { event, data } of stream.events) {
        const chunk = data as Chunk;
        if (event === "error" || chunk.error) throw failureError({ body: chunk.error ?? chunk }, source);
        if (chunk.model) answeredBy = chunk.model;
        if (chunk.usage) usage = toUsage(chunk.usage);
        const choice = chunk.choices?.[0];
        if (choice === undefined) continue;
        if (finish !== undefined) throw wentOn(source);
        const thought = choice.delta?.reasoning_content ?? choice.delta?.reasoning;
        if (thought) yield { type: "reasoning", text: thought };
        if (choice.delta?.refusal) refused = true;
        const text = choice.delta?.content ?? choice.delta?.refusal ?? choice.text;
        if (text && schema?.wrapped) held += text;
        else if (text) yield { type: "text", text };
        finish = choice.finish_reason ?? finish;
      }
      if (finish === undefined) throw truncatedError(source);
      if (held !== "") yield { type: "text", text: schema?.unwrap(held) ?? held };
      yield {
        type: "finish",
        reason: refused ? "content-filter" : finishReason(finish),
        usage,
        ...(answeredBy === undefined ? {} : { model: answeredBy }),
        ...(stream.requestId === undefined ? {} : { requestId: stream.requestId }),
      };
    },
  };
}

function chat(client: OpenAI, options: OpenAIChatOptions, request: ChatRequest): SendRequest {
  const body: OpenAI.ChatCompletionCreateParamsStreaming = {
    ...chatBody(options, request),
    stream: true,
    stream_options: { include_usage: true },
  };
  return (signal) => client.chat.completions.create(body, { signal }).asResponse();
}

function complete(client: OpenAI, options: OpenAIChatOptions, request: ChatRequest): SendRequest {
  if (!options.completions)
    throw new ModelError("model.chat-only", `${options.name} answers messages and does not continue text`, {
      unbilled: true,
      cure: "Remove `completion: true` and write messages, or use a base model.",
    });
  const body: OpenAI.CompletionCreateParamsStreaming = {
    ...completionBody(options, request),
    stream: true,
    stream_options: { include_usage: true },
  };
  return (signal) => client.completions.create(body, { signal }).asResponse();
}

type Named = Pick<OpenAIChatOptions, "model" | "maxTokens">;

/** A request as OpenAI's protocol has it. */
export function openAIPost(options: Named, request: ChatRequest): HttpPost {
  return request.completion === undefined
    ? { path: "/chat/completions", body: { ...chatBody(options, request) } }
    : { path: "/completions", body: { ...completionBody(options, request) } };
}

function chatBody(options: Named, request: ChatRequest): OpenAI.ChatCompletionCreateParamsNonStreaming {
  const schema = toAnswerSchema(request.schema);
  return {
    model: options.model,
    messages: request.messages.map(({ role, content }) => ({ role, content })),
    ...sampling(options, request),
    ...(schema === null
      ? request.jsonObject === true && { response_format: { type: "json_object" as const } }
      : {
          response_format: {
            type: "json_schema",
            json_schema: { name: "answer", schema: schema.schema, strict: schema.strict },
          },
        }),
  };
}

function completionBody(options: Named, request: ChatRequest): OpenAI.CompletionCreateParamsNonStreaming {
  return {
    model: options.model,
    prompt: request.completion ?? "",
    ...sampling({ ...options, maxTokens: "max_tokens" }, request),
  };
}

function sampling({ maxTokens }: Named, { parameters }: ChatRequest) {
  const { temperature, top_p, max_tokens, stop, seed } = parameters;
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(top_p === undefined ? {} : { top_p }),
    ...(max_tokens === undefined ? {} : { [maxTokens]: max_tokens }),
    ...(stop === undefined ? {} : { stop: [...stop] }),
    ...(seed === undefined ? {} : { seed }),
  };
}

/** What is read of a chunk; compatible servers leave out or add what they like. */
interface Chunk {
  readonly error?: unknown;
  readonly model?: string;
  readonly usage?: ChunkUsage | null;
  readonly choices?: readonly {
    readonly finish_reason?: string | null;
    /** Of `/completions`. */
    readonly text?: string;
    readonly delta?: {
      readonly content?: string | null;
      readonly refusal?: string | null;
      readonly reasoning_content?: string | null;
      readonly reasoning?: string | null;
    };
  }[];
}

interface ChunkUsage {
  readonly prompt_tokens?: number;
  readonly completion_tokens?: number;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number; readonly cache_write_tokens?: number } | null;
  readonly completion_tokens_details?: { readonly reasoning_tokens?: number } | null;
}

function toUsage(usage: ChunkUsage): Usage {
  return tokenCounts({
    input: usage.prompt_tokens,
    output: usage.completion_tokens,
    cachedInput: usage.prompt_tokens_details?.cached_tokens,
    cacheWrite: usage.prompt_tokens_details?.cache_write_tokens,
    reasoning: usage.completion_tokens_details?.reasoning_tokens,
  });
}

function finishReason(reason: string): Extract<StreamPart, { type: "finish" }>["reason"] {
  switch (reason) {
    case "stop":
    case "length":
      return reason;
    case "content_filter":
      return "content-filter";
    default:
      return "other";
  }
}
