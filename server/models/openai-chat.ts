import type OpenAI from "openai";
import type { Usage } from "#server/notebook/services.ts";
import { anyObject } from "./any-object.ts";
import { toAnswerSchema } from "./answer-schema.ts";
import { inDialect, type ChatDialect, type KnownDialect } from "./chat-dialect.ts";
import { chatOnlyError } from "./chat-only-error.ts";
import { unwrapped } from "./unwrapped.ts";
import { openStream, partsOf, type HttpStream } from "./http-stream.ts";
import { dataUrl, encodeImages, imagePlace, imagePlaces, postImages, type EncodedImage } from "./image-input.ts";
import type { ChatModel, ChatRequest, HttpPost, ProviderSettings, StreamPart } from "./model.ts";
import {
  chunkOfWhole,
  chunkUsage,
  errorIn,
  finishReason,
  membersOf,
  textsOf,
  withoutTexts,
  type Chunk,
} from "./openai-chunk.ts";
import { keysOf, openAIClient, type OpenAIAccount, type OpenAIConnection } from "./openai-client.ts";
import { noAnswer } from "./no-answer.ts";
import { protocolOf, type ResponsesUse } from "./openai-protocol.ts";
import { responsesBody, responsesStream, type SummaryState } from "./openai-responses.ts";
import { withKeys } from "./provider-keys.ts";
import { failureError, notWhole, truncatedError, wentOn, type ErrorSource } from "./provider-error.ts";
import type { SendOptions, SendRequest } from "./response-of.ts";
import { gatherFacts } from "./provider-facts.ts";
import { thoughtApart } from "./thought-apart.ts";

export interface OpenAIChatOptions extends OpenAIAccount {
  /** The model's full name in Sheaf and its name at the provider. */
  readonly name: string;
  readonly model: string;
  readonly effect: "model" | "paid";
  /** The words it is asked in, until it wants others. */
  readonly dialect: ChatDialect;
  /** Whether text can be continued at `/completions`. */
  readonly completions: boolean;
  /** Which requests go through Responses instead. */
  readonly responses: ResponsesUse;
  /** Whether Responses is asked for summaries of what the model thought. */
  readonly summaries: boolean;
}

/**
 * A chat model behind OpenAI's protocols: Responses where `protocolOf` says so, Chat Completions otherwise, streamed with usage, or whole where the request says so. The answer is good only where it has both a
 * `finish_reason` and, streamed, the closing `[DONE]`. A refusal is text that ends with `content-filter`. What a model of Chat Completions thinks in its text is kept apart from
 * it (`thoughtApart`).
 * Source: OpenAI API reference, "Chat Completions" and "Streaming".
 */
export function openAIChatModel(options: OpenAIChatOptions, settings: ProviderSettings): ChatModel {
  // Of the model and not of its endpoint: one that passes requests on has models of several servers.
  const known: KnownDialect = { dialect: options.dialect };
  return withKeys(keysOf(options, settings), (key) =>
    unwrapped(chatModel(options, openAIClient(options, settings, key), known)),
  );
}

function chatModel(options: OpenAIChatOptions, connect: OpenAIConnection, known: KnownDialect): ChatModel {
  const { name, identity, effect } = options;
  const summary: SummaryState = { refused: false };
  return {
    name,
    identity,
    effect,
    ready: async () => void connect.key(),
    http: {
      protocol: "openai",
      baseUrl: options.baseUrl,
      ...(options.keyVariable === undefined ? {} : { keyVariable: options.keyVariable }),
      // Who was refused summaries once is not refused the whole of a request for them.
      post: async (request, images) =>
        openAIPost(
          { ...options, dialect: known.dialect, summaries: options.summaries && !summary.refused },
          request,
          await postImages(request.images, images),
        ),
    },
    preparesFirst: true,
    async *stream(request, signal) {
      const source: ErrorSource = { ...options, secrets: connect.secrets };
      const client = await connect.client();
      if (protocolOf(options.responses, request) === "responses") {
        yield* responsesStream(client, options, request, source, signal, summary);
        return;
      }
      const images = await encodeImages(request.images);
      const create =
        request.completion === undefined ? chat(client, options, request, images) : complete(client, options, request);
      const send: SendRequest = (sending) => inDialect(known, (dialect) => create(dialect, sending));
      const stream = await openStream(send, ({ data }) => data === "[DONE]", source, signal, {
        whole: request.whole,
        wholeAs: (body) => [chunkOfWhole(body)],
        leaves: request.sending?.leaves,
      });
      const parts = partsOf(stream, answerParts, source, signal);
      yield* request.completion === undefined ? thoughtApart(parts) : parts;
    },
  };
}

async function* answerParts(stream: HttpStream, source: ErrorSource): AsyncGenerator<StreamPart, void, undefined> {
  const facts = gatherFacts();
  const thoughts = isGemini(source) ? "in the sum" : "said";
  let finish: string | undefined;
  let usage: Usage = {};
  let answeredBy: string | undefined;
  let refused = false;
  let began = false;
  for await (const { event, data } of stream.events) {
    const chunk = data as Chunk;
    const error = errorIn(chunk) ?? (event === "error" ? chunk : null);
    const counted = chunk.usage ?? chunk.x_groq?.usage;
    if (counted) usage = chunkUsage(counted, thoughts);
    if (error !== null) {
      if (usage.input !== undefined) yield { type: "usage", usage };
      throw failureError({ body: error }, source);
    }
    if (chunk.model) answeredBy = chunk.model;
    facts.add(chunk.whole === undefined ? membersOf(chunk) : { ...chunk.whole });
    if (!began) yield { type: "head", ...facts.part() };
    began = true;
    // One answer was asked for: others of a server that gives several are not mixed into it.
    const choice = chunk.choices?.find(({ index }) => !index);
    if (choice === undefined) continue;
    if (choice.error) throw failureError({ body: choice.error }, source);
    if (chunk.whole === undefined) facts.add(withoutTexts(choice));
    const { text: said, thought } = textsOf(choice.delta ?? {});
    const text = said ?? choice.text;
    // Old servers of Ollama say with an empty text that it goes on.
    const end = choice.finish_reason || finish;
    // OpenRouter sends its usage after the end in one more choice, and Azure what its filters say, which may be that they stop it.
    const isOtherEnd = end !== finish && !(end && finishReason(end) === "content-filter");
    if (finish !== undefined && (text || thought || isOtherEnd)) throw wentOn(source);
    if (thought) yield { type: "reasoning", text: thought };
    if (choice.delta?.refusal) refused = true;
    if (text) yield { type: "text", text };
    finish = end;
  }
  const reason = finish === undefined ? "cut" : finishReason(finish);
  if (reason === "cut" || reason === "none") {
    yield { type: "usage", usage };
    if (finish === undefined) throw truncatedError(source);
    const ended = `ended as ${JSON.stringify(finish)}`;
    throw reason === "cut"
      ? notWhole(`it ${ended}`, source)
      : noAnswer(`${source.title}: the answer of ${source.model} ${ended}`);
  }
  yield {
    type: "finish",
    reason: refused ? "content-filter" : reason,
    usage,
    ...(answeredBy === undefined ? {} : { model: answeredBy }),
    ...facts.part(),
  };
}

/** Whether Google answers, also behind an address of another's. */
function isGemini({ title, model, baseUrl }: ErrorSource): boolean {
  return /gemini|generativelanguage\.googleapis\.com/i.test(`${title} ${model} ${baseUrl}`);
}

type Create = (dialect: ChatDialect, sending: SendOptions) => Promise<Response>;

function chat(
  client: OpenAI,
  options: OpenAIChatOptions,
  request: ChatRequest,
  images: readonly EncodedImage[],
): Create {
  return (dialect, sending) => {
    const body = { ...chatBody({ ...options, dialect }, request, images), ...streaming(dialect, request) };
    return client.chat.completions.create(body, sending).asResponse();
  };
}

function complete(client: OpenAI, options: OpenAIChatOptions, request: ChatRequest): Create {
  if (!options.completions) throw chatOnlyError(options.name);
  return (dialect, sending) => {
    const body = { ...completionBody({ ...options, dialect }, request), ...streaming(dialect, request) };
    return client.completions.create(body, sending).asResponse();
  };
}

function streaming({ asksForUsage }: ChatDialect, { whole }: ChatRequest) {
  if (whole) return {};
  return { stream: true as const, ...(asksForUsage && { stream_options: { include_usage: true } }) };
}

type Named = Pick<OpenAIChatOptions, "name" | "model" | "dialect" | "responses" | "summaries">;

/** A request as OpenAI's protocols have it, with places for its images where they are not given. */
export function openAIPost(
  options: Named,
  request: ChatRequest,
  images: readonly EncodedImage[] = imagePlaces(request.images),
): HttpPost {
  if (protocolOf(options.responses, request) === "responses")
    return { path: "/responses", body: { ...responsesBody(options, request, images) } };
  return request.completion === undefined
    ? { path: "/chat/completions", body: { ...chatBody(options, request, images) } }
    : { path: "/completions", body: { ...completionBody(options, request) } };
}

function chatBody(
  options: Named,
  given: ChatRequest,
  images: readonly EncodedImage[],
): OpenAI.ChatCompletionCreateParamsNonStreaming {
  const request = anyObject(given);
  const schema = toAnswerSchema(request.schema);
  const pictured = imagePlace(request, images);
  const { reasoning_effort } = request.parameters;
  return {
    model: options.model,
    messages: request.messages.map((message, index) =>
      index === pictured
        ? { role: "user", content: pictures(message.content, images) }
        : { role: message.role, content: message.content },
    ),
    ...sampling(options.dialect, request),
    ...(reasoning_effort === undefined ? {} : { reasoning_effort: reasoning_effort as OpenAI.ReasoningEffort }),
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

function pictures(text: string, images: readonly EncodedImage[]): OpenAI.ChatCompletionContentPart[] {
  return [
    ...images.map((image) => ({ type: "image_url" as const, image_url: { url: dataUrl(image) } })),
    { type: "text", text },
  ];
}

function completionBody(options: Named, request: ChatRequest): OpenAI.CompletionCreateParamsNonStreaming {
  return {
    model: options.model,
    prompt: request.completion ?? "",
    ...sampling({ ...options.dialect, maxTokens: "max_tokens" }, request),
  };
}

function sampling({ maxTokens, seed: seedWord }: ChatDialect, { parameters }: ChatRequest) {
  const { temperature, top_p, max_tokens, stop, seed } = parameters;
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(top_p === undefined ? {} : { top_p }),
    ...(max_tokens === undefined ? {} : { [maxTokens]: max_tokens }),
    ...(stop === undefined ? {} : { stop: [...stop] }),
    ...(seed === undefined ? {} : { [seedWord]: seed }),
  };
}
