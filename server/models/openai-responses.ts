import type OpenAI from "openai";
import type { Usage } from "#server/notebook/services.ts";
import { anyObject } from "./any-object.ts";
import { toAnswerSchema } from "./answer-schema.ts";
import { chatOnlyError } from "./chat-only-error.ts";
import { openStream, partsOf, type HttpStream, type ParsedEvent } from "./http-stream.ts";
import { dataUrl, encodeImages, imagePlace, type EncodedImage } from "./image-input.ts";
import { eventNumbers, type NumberedEvent } from "./event-numbers.ts";
import type { ChatRequest, StreamPart } from "./model.ts";
import type { ModelError } from "./model-error.ts";
import { outputEvents, responseOutput, type OutputEvent, type OutputItem } from "./openai-response-output.ts";
import { failureError, notWhole, truncatedError, wentOn, type ErrorSource } from "./provider-error.ts";
import { gatherFacts, without } from "./provider-facts.ts";
import { refuseParameters } from "./refuse-parameters.ts";
import type { SendOptions } from "./response-of.ts";
import { tokenCounts } from "./token-counts.ts";

export interface ResponsesOptions {
  /** The model's full name in Sheaf and its name at the provider. */
  readonly name: string;
  readonly model: string;
  /** Whether summaries of what it thought are asked for. */
  readonly summaries: boolean;
}

/** Whether an account gets summaries: OpenAI gives them to verified organisations alone, and the answer matters more. */
export interface SummaryState {
  refused: boolean;
}

type Finish = Extract<StreamPart, { type: "finish" }>;

/**
 * The answer of a model behind OpenAI's Responses, streamed, or whole where the request says so, and kept by nobody there (`store: false`). It is good only where
 * it ends with `response.completed`, or with `response.incomplete`, which says what cut it, and came as it was sent: without a gap in the
 * numbers of its events, and with the text that the events which close it say. What the model thought, its
 * summary, and what it says on the way to its answer (`phase: commentary`) is reasoning; a refusal is text that ends with
 * `content-filter`. Source: OpenAI API reference, "Responses" › "Create a model response" and "Streaming events".
 */
export async function* responsesStream(
  client: OpenAI,
  options: ResponsesOptions,
  request: ChatRequest,
  source: ErrorSource,
  signal: AbortSignal,
  summary: SummaryState,
): AsyncGenerator<StreamPart, void, undefined> {
  const images = await encodeImages(request.images);
  const body = (summaries: boolean) => ({
    ...responsesBody({ ...options, summaries }, request, images),
    ...(request.whole ? {} : { stream: true as const }),
  });
  const create = (summaries: boolean, sending: SendOptions): Promise<Response> =>
    client.responses.create(body(summaries), sending).asResponse();
  const send = async (sending: SendOptions): Promise<Response> => {
    if (!options.summaries || summary.refused) return create(false, sending);
    try {
      return await create(true, sending);
    } catch (thrown) {
      if (!isSummaryRefusal(thrown)) throw thrown;
      summary.refused = true;
      return create(false, sending);
    }
  };
  const stream = await openStream(send, isEnd, source, signal, {
    lastIsGiven: true,
    whole: request.whole,
    wholeAs: wholeEvents,
    leaves: request.sending?.leaves,
  });
  yield* partsOf(stream, answerParts, source, signal);
}

async function* answerParts(stream: HttpStream, source: ErrorSource): AsyncGenerator<StreamPart, void, undefined> {
  const facts = gatherFacts();
  const output = responseOutput();
  const numbers = eventNumbers();
  let began = false;
  let ended: AnyResponse | undefined;
  for await (const { event, data } of stream.events) {
    const said = data as ResponseEvent;
    const type = said.type ?? event;
    if (numbers.isRepeated(said)) continue;
    switch (type) {
      case "response.created":
        if (began) throw wentOn(source);
        began = true;
        facts.add({ ...said.response });
        yield { type: "head", ...facts.part() };
        break;
      case "error":
        throw failureError({ body: said.error ?? said }, source);
      case "response.completed":
      case "response.incomplete":
      case "response.failed":
      case "response.cancelled": {
        const { response = {} } = said;
        const named = type.slice("response.".length);
        ended =
          named === "failed"
            ? { ...response, status: named, error: response.error ?? said.error }
            : { ...response, status: response.status ?? named };
        break;
      }
      default: {
        const part = output.read({ ...said, type });
        if (part !== null) yield part;
      }
    }
  }
  if (ended === undefined) throw truncatedError(source);
  const usage = responseUsage(ended.usage);
  const reason = responseFinish(ended, output.refused);
  if (reason === null) {
    facts.add(without({ ...ended }, ["error"]));
    yield { type: "head", ...facts.part() };
    if (ended.usage) yield { type: "usage", usage };
    throw responseError(ended, source);
  }
  const end = output.atEnd(ended.output ?? []);
  const fault =
    end === "other"
      ? "its text is another than it says at its end"
      : // Whoever passes a stream on may leave out what is no text.
        end === "not said" && numbers.hasGap && "the numbers of its events have a gap";
  if (fault) {
    yield { type: "usage", usage };
    throw notWhole(fault, source);
  }
  facts.add({ ...ended });
  yield {
    type: "finish",
    reason,
    usage,
    ...(ended.model ? { model: ended.model } : {}),
    ...facts.part(),
  };
}

const ends = "response.(?:completed|incomplete|failed|cancelled)";
const endName = new RegExp(`^${ends}$`);
const endData = new RegExp(String.raw`^\s*\{\s*"type"\s*:\s*"${ends}"`);

/** Some servers send events without names. */
function isEnd({ event, data }: { readonly event?: string; readonly data: string }): boolean {
  return event === undefined ? endData.test(data) : endName.test(event);
}

/** A whole response as the events it would be streamed as; one that is no answer as an error. */
function* wholeEvents(body: AnyResponse): Generator<ParsedEvent, void, undefined> {
  switch (body.status) {
    case "completed":
    case "incomplete":
      for (const data of outputEvents(body.output ?? [])) yield { data };
      yield { data: { type: `response.${body.status}`, response: body } };
      return;
    case "failed":
    case "cancelled":
    case "queued":
    case "in_progress":
      // Of these nothing is read as an answer, whatever the event is called.
      yield { data: { type: "response.completed", response: body } };
      return;
    default:
      yield { event: "error", data: body };
  }
}

/** The refusal of a request's summary alone: nothing was billed, and the same without it may be answered. */
function isSummaryRefusal(thrown: unknown): boolean {
  const { status, param, message } = thrown as { status?: unknown; param?: unknown; message?: unknown };
  return status === 400 && (param === "reasoning.summary" || /reasoning summar/i.test(String(message)));
}

/** A request as Responses has it. Throws `model.bad-request` for what it has no word for. */
export function responsesBody(
  { name, model, summaries }: ResponsesOptions,
  given: ChatRequest,
  images: readonly EncodedImage[],
): OpenAI.Responses.ResponseCreateParamsNonStreaming {
  const request = anyObject(given);
  const { temperature, top_p, max_tokens, reasoning_effort } = request.parameters;
  refuseParameters(`${name} is asked through Responses, which has`, request.parameters, ["stop", "seed"]);
  if (request.completion !== undefined) throw chatOnlyError(name);
  const schema = toAnswerSchema(request.schema);
  const pictured = imagePlace(request, images);
  const reasoning = {
    ...(reasoning_effort === undefined ? {} : { effort: reasoning_effort as OpenAI.ReasoningEffort }),
    ...(summaries ? { summary: "auto" as const } : {}),
  };
  return {
    model,
    input: request.messages.map((message, index) => ({
      role: message.role,
      content: index === pictured ? pictures(message.content, images) : message.content,
    })),
    store: false,
    ...(Object.keys(reasoning).length === 0 ? {} : { reasoning }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(top_p === undefined ? {} : { top_p }),
    ...(max_tokens === undefined ? {} : { max_output_tokens: max_tokens }),
    ...(schema === null
      ? request.jsonObject === true && { text: { format: { type: "json_object" as const } } }
      : { text: { format: { type: "json_schema", name: "answer", schema: schema.schema, strict: schema.strict } } }),
  };
}

function pictures(text: string, images: readonly EncodedImage[]): OpenAI.Responses.ResponseInputMessageContentList {
  return [
    ...images.map((image) => ({ type: "input_image" as const, image_url: dataUrl(image), detail: "auto" as const })),
    { type: "input_text", text },
  ];
}

/** What is read of an event; compatible servers leave out or add what they like. */
interface ResponseEvent extends OutputEvent, NumberedEvent {
  readonly error?: unknown;
  readonly response?: AnyResponse;
}

/** What is read of a response, streamed or whole. */
export interface AnyResponse {
  readonly status?: unknown;
  readonly model?: string;
  readonly error?: unknown;
  readonly usage?: ResponseUsage | null;
  readonly incomplete_details?: { readonly reason?: string } | null;
  readonly output?: readonly OutputItem[];
}

/** Responses' counts of tokens, of a stream and of a whole answer. */
export interface ResponseUsage {
  readonly input_tokens?: number;
  readonly output_tokens?: number;
  readonly input_tokens_details?: { readonly cached_tokens?: number; readonly cache_write_tokens?: number } | null;
  readonly output_tokens_details?: { readonly reasoning_tokens?: number } | null;
}

export function responseUsage(usage: ResponseUsage | null | undefined): Usage {
  return tokenCounts({
    input: usage?.input_tokens,
    output: usage?.output_tokens,
    cachedInput: usage?.input_tokens_details?.cached_tokens,
    cacheWrite: usage?.input_tokens_details?.cache_write_tokens,
    reasoning: usage?.output_tokens_details?.reasoning_tokens,
  });
}

/**
 * Why an answer ended, by what the response says of itself, whatever the event is called that it comes with: vLLM says `response.completed` of one that was cut. Null where
 * it came to no answer.
 */
export function responseFinish(
  { status, error, incomplete_details: cut }: AnyResponse,
  refused: boolean,
): Finish["reason"] | null {
  if (error) return null;
  switch (status) {
    case "incomplete":
      return cutFinish(cut?.reason);
    case "completed":
      if (cut?.reason) return cutFinish(cut.reason);
      return refused ? "content-filter" : "stop";
    default:
      return null;
  }
}

function cutFinish(reason: string | undefined): Finish["reason"] {
  switch (reason) {
    case "max_output_tokens":
    case "max_tokens":
    // Servers that say no reason know no other.
    case undefined:
      return "length";
    case "content_filter":
      return "content-filter";
    default:
      return "other";
  }
}

/** The error that a response without an answer is, in its own words; one that says it has not ended did not come whole. */
export function responseError({ status, error }: AnyResponse, source: ErrorSource): ModelError {
  if (error) return failureError({ body: error }, source);
  const words = `its response says that it is ${JSON.stringify(status)}`;
  return status === "failed" || status === "cancelled"
    ? failureError({ body: { message: words } }, source)
    : notWhole(words, source);
}
