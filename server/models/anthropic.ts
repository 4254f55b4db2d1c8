import type Anthropic from "@anthropic-ai/sdk";
import type { Usage } from "#server/notebook/services.ts";
import { toAnswerSchema, type AnswerSchema } from "./answer-schema.ts";
import { anthropicBatches } from "./batches/anthropic-batches.ts";
import { blockOrder } from "./block-order.ts";
import { blocksBesideTexts } from "./blocks-beside-texts.ts";
import { unwrapped } from "./unwrapped.ts";
import { chatOnlyError } from "./chat-only-error.ts";
import { openStream, partsOf, type HttpStream, type ParsedEvent } from "./http-stream.ts";
import { listAnthropicModels } from "./lists/list-anthropic-models.ts";
import { encodeImages, imagePlace, postImages, type EncodedImage } from "./image-input.ts";
import { openInWords } from "./open-in-words.ts";
import { defineProvider, type ChatModel, type ChatRequest, type ProviderSettings, type StreamPart } from "./model.ts";
import { keysIn, withKeys } from "./provider-keys.ts";
import { providerFetch } from "./provider-fetch.ts";
import { noKeyError } from "./openai-client.ts";
import { tokenCounts } from "./token-counts.ts";
import { failureError, notWhole, truncatedError, wentOn, type ErrorSource } from "./provider-error.ts";
import { gatherFacts, without } from "./provider-facts.ts";
import { refuseParameters } from "./refuse-parameters.ts";
import type { SendOptions } from "./response-of.ts";

const keyVariable = "ANTHROPIC_API_KEY";

/** Anthropic demands a limit; every one of its models takes this one. Part of what a call key means: never to be changed. */
const defaultMaxTokens = 4_096;

/** Anthropic's models, through the Messages API; `ANTHROPIC_BASE_URL` puts a proxy in between. */
export const anthropic = defineProvider({
  name: "anthropic",
  title: "Anthropic",
  keyVariable,
  chatModel,
  listModels: (settings, signal) => listAnthropicModels(account(settings), settings, signal),
});

/**
 * The answer is good only where it ends with `message_stop`, its blocks in order, or, asked for whole, says why it stopped. System messages at the head become `system`; a schema becomes
 * `output_config.format`, where it is closed in all its parts. There is no seed and no continuing of text. Source: Anthropic's "Messages" and "Streaming messages".
 */
function chatModel(model: string, settings: ProviderSettings): ChatModel {
  const source: ErrorSource = { ...account(settings), model };
  return withKeys(source.secrets, (key) => openInWords(unwrapped(modelWith(key, model, source, settings))));
}

function account({ environment }: ProviderSettings): Omit<ErrorSource, "model"> & { readonly keyVariable: string } {
  const baseUrl = environment["ANTHROPIC_BASE_URL"] || "https://api.anthropic.com";
  return { title: "Anthropic", baseUrl, keyVariable, secrets: keysIn(environment[keyVariable]) };
}

function modelWith(
  secret: string | undefined,
  model: string,
  source: ErrorSource,
  settings: ProviderSettings,
): ChatModel {
  const { baseUrl } = source;
  let client: Promise<Anthropic> | undefined;
  const connect = (): Promise<Anthropic> => {
    if (!secret) throw noKeyError("Anthropic", keyVariable, settings);
    return (client ??= import("@anthropic-ai/sdk").then(
      (library) =>
        new library.default({
          apiKey: secret,
          baseURL: baseUrl,
          webhookKey: null,
          maxRetries: 0,
          logLevel: "off",
          openTelemetry: false,
          fetch: providerFetch(settings.fetch),
          // A key must not follow a redirect to another host.
          fetchOptions: { redirect: "manual" },
        }),
    ));
  };
  const made: ChatModel = {
    name: `anthropic/${model}`,
    identity: { provider: "anthropic", baseUrl },
    effect: "paid",
    ready: async () => {
      if (!secret) throw noKeyError("Anthropic", keyVariable, settings);
    },
    http: {
      protocol: "anthropic",
      baseUrl,
      keyVariable,
      post: async (request, images) => ({
        path: "/v1/messages",
        body: { ...(await toBody(model, request, await postImages(request.images, images))) },
      }),
    },
    preparesFirst: true,
    async *stream(request, signal) {
      const sdk = await connect();
      const images = await encodeImages(request.images);
      const stream = request.whole !== true;
      const body = { ...(await toBody(model, request, images)), ...(stream && { stream }) };
      // As the library's own method for messages does, which writes to the console of models that are deprecated.
      const send = (sending: SendOptions): Promise<Response> =>
        sdk.post("/v1/messages", { body, stream, ...sending }).asResponse();
      const answer = await openStream(send, ({ event }) => event === "message_stop", source, signal, {
        whole: request.whole,
        wholeAs: wholeEvents,
        leaves: request.sending?.leaves,
      });
      yield* partsOf(answer, answerParts, source, signal);
    },
  };
  const reading = { usageOf: toUsage, finishOf: finishReason };
  return { ...made, batches: anthropicBatches(made, connect, source, reading) };
}

async function* answerParts(answer: HttpStream, source: ErrorSource): AsyncGenerator<StreamPart, void, undefined> {
  const facts = gatherFacts();
  let counts: TokenCounts = {};
  let answeredBy: string | undefined;
  let reason: Anthropic.StopReason | null = null;
  const faultOf = blockOrder();
  const content = blocksBesideTexts();
  let fault: string | null = null;
  for await (const { event, data } of answer.events) {
    if (event === "error") throw failureError({ body: data }, source);
    const message = data as Anthropic.RawMessageStreamEvent;
    fault ??= faultOf(message);
    switch (message.type) {
      case "message_start": {
        if (answeredBy !== undefined) throw wentOn(source);
        const { content: _, ...head } = message.message;
        facts.add(head);
        yield { type: "head", ...facts.part() };
        answeredBy = message.message.model;
        counts = message.message.usage ?? {};
        yield { type: "usage", usage: toUsage(counts) };
        break;
      }
      case "content_block_start": {
        const block = message.content_block;
        if (block?.type === "thinking" && block.thinking) yield { type: "reasoning", text: block.thinking };
        if (block?.type === "text" && block.text) yield { type: "text", text: block.text };
        content.begin(message);
        break;
      }
      case "content_block_delta":
        if (message.delta.type === "thinking_delta") yield { type: "reasoning", text: message.delta.thinking };
        if (message.delta.type === "text_delta" && message.delta.text !== "")
          yield { type: "text", text: message.delta.text };
        content.add(message);
        break;
      case "message_delta":
        reason = message.delta.stop_reason ?? reason;
        counts = { ...counts, ...stated(message.usage) };
        facts.add({ ...without({ ...message }, ["type", "delta"]), ...message.delta });
        break;
      default:
    }
  }
  const usage = toUsage(counts);
  if (reason === null) {
    yield { type: "usage", usage };
    throw truncatedError(source);
  }
  facts.add(content.members());
  if (fault !== null) {
    yield { type: "usage", usage };
    throw notWhole(fault, source);
  }
  yield {
    type: "finish",
    reason: finishReason(reason),
    usage,
    ...(answeredBy === undefined ? {} : { model: answeredBy }),
    ...facts.part(),
  };
}

async function toBody(
  model: string,
  request: ChatRequest,
  images: readonly EncodedImage[],
): Promise<Anthropic.MessageCreateParamsNonStreaming> {
  const { messages, completion, parameters } = request;
  const schema = toAnswerSchema(request.schema);
  if (completion !== undefined) throw chatOnlyError(`anthropic/${model}`);
  refuseParameters("Anthropic's models have", parameters, ["seed", "api"]);
  const head = messages.findIndex(({ role }) => role !== "system");
  const system = messages.slice(0, head === -1 ? messages.length : head);
  const { temperature, top_p, max_tokens, stop, reasoning_effort } = parameters;
  const pictured = imagePlace(request, images) - system.length;
  const output = {
    ...(reasoning_effort === undefined || reasoning_effort === "none" ? {} : { effort: reasoning_effort as Effort }),
    ...(schema === null ? {} : { format: { type: "json_schema" as const, schema: await supported(schema) } }),
  };
  const rest = {
    // Sent though newer models refuse them: the provider's words are better than a setting that silently does nothing.
    ...(temperature === undefined ? {} : { temperature }),
    ...(top_p === undefined ? {} : { top_p }),
  };
  return {
    model,
    max_tokens: max_tokens ?? defaultMaxTokens,
    messages: messages
      .slice(system.length)
      .map((message, index) =>
        index === pictured
          ? { role: "user", content: pictures(message.content, images) }
          : { role: message.role, content: message.content },
      ),
    ...(system.length === 0 ? {} : { system: system.map(({ content }) => content).join("\n\n") }),
    ...(stop === undefined ? {} : { stop_sequences: [...stop] }),
    ...thinkingOf(model, reasoning_effort),
    ...(Object.keys(output).length === 0 ? {} : { output_config: output }),
    ...rest,
  };
}

type Effort = NonNullable<Anthropic.OutputConfig["effort"]>;

/**
 * Who sets an effort wants thinking, and to read it; `none` turns it off. The first model that knew an effort thinks only to a
 * budget of tokens, which an effort does not say. Source: Anthropic's "Effort" and "Adaptive thinking".
 */
function thinkingOf(model: string, effort: string | undefined): { readonly thinking?: Anthropic.ThinkingConfigParam } {
  if (effort === undefined) return {};
  if (effort === "none") return { thinking: { type: "disabled" } };
  return /opus-4-5/.test(model) ? {} : { thinking: { type: "adaptive", display: "summarized" } };
}

function pictures(text: string, images: readonly EncodedImage[]): Anthropic.ContentBlockParam[] {
  return [
    ...images.map(({ mediaType, base64 }) => ({
      type: "image" as const,
      source: {
        type: "base64" as const,
        media_type: mediaType as Anthropic.Base64ImageSource["media_type"],
        data: base64,
      },
    })),
    { type: "text", text },
  ];
}

/** The schema with what Anthropic's structured outputs do not know moved to descriptions, by its own SDK. */
async function supported({ schema }: AnswerSchema): Promise<{ [keyword: string]: unknown }> {
  const { transformJSONSchema } = await import("@anthropic-ai/sdk/lib/transform-json-schema");
  return transformJSONSchema(schema);
}

/** A whole message as the events it would be streamed as; what is no message as an error. */
function* wholeEvents(body: Partial<Anthropic.Message>): Generator<ParsedEvent, void, undefined> {
  const { content = [], stop_reason, stop_sequence, ...head } = body;
  if (head.type !== "message") {
    yield { event: "error", data: body };
    return;
  }
  yield { data: { type: "message_start", message: head } };
  for (const block of content) {
    if (block.type === "thinking") yield delta({ type: "thinking_delta", thinking: block.thinking });
    if (block.type === "text") yield delta({ type: "text_delta", text: block.text });
  }
  yield { data: { type: "message_delta", delta: { stop_reason, stop_sequence, content } } };
}

function delta(said: Anthropic.ThinkingDelta | Anthropic.TextDelta): ParsedEvent {
  return { data: { type: "content_block_delta", delta: said } };
}

interface TokenCounts {
  readonly input_tokens?: number | null;
  readonly output_tokens?: number | null;
  readonly cache_read_input_tokens?: number | null;
  readonly cache_creation_input_tokens?: number | null;
  readonly cache_creation?: { readonly ephemeral_1h_input_tokens?: number | null } | null;
  readonly output_tokens_details?: { readonly thinking_tokens?: number | null } | null;
}

/** Anthropic counts cached tokens beside `input_tokens`; Sheaf's `input` has them all. */
function toUsage(counts: TokenCounts): Usage {
  const cachedInput = counts.cache_read_input_tokens ?? 0;
  const cacheWrite = counts.cache_creation_input_tokens ?? 0;
  const hourCacheWrite = counts.cache_creation?.ephemeral_1h_input_tokens ?? 0;
  return tokenCounts({
    input: counts.input_tokens == null ? undefined : counts.input_tokens + cachedInput + cacheWrite,
    output: counts.output_tokens,
    cachedInput,
    cacheWrite,
    ...(hourCacheWrite === 0 ? {} : { hourCacheWrite }),
    reasoning: counts.output_tokens_details?.thinking_tokens,
  });
}

/** The counts that an event states: later events repeat only some, the rest null. */
function stated(usage: TokenCounts | null | undefined): TokenCounts {
  return Object.fromEntries(Object.entries(usage ?? {}).filter(([, count]) => count !== null));
}

function finishReason(reason: Anthropic.StopReason): Extract<StreamPart, { type: "finish" }>["reason"] {
  switch (reason) {
    case "end_turn":
    case "stop_sequence":
      return "stop";
    case "max_tokens":
    case "model_context_window_exceeded":
      return "length";
    case "refusal":
      return "content-filter";
    default:
      // Reasons of tools, which are not sent, and reasons newer than the SDK.
      return "other";
  }
}
