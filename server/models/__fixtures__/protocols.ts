import type { Script } from "./scripted-server.ts";

/**
 * How a provider's server would answer, written by hand after its documentation, not recorded: OpenAI's API reference,
 * "Chat Completions" › "Streaming" (chunks, `stream_options.include_usage`, errors) and "Responses" › "Streaming events", and
 * Anthropic's "Streaming messages" and "Errors". Ids and counts are made up; real ones are in `recordings`.
 */
export interface Protocol {
  /** The events of an answer in these parts, up to and with its end mark. */
  readonly answer: (parts: readonly string[]) => string;
  /** The body of the same answer where it is not streamed. */
  readonly whole: (parts: readonly string[]) => string;
  /** The same without what marks its end. */
  readonly unfinished: (parts: readonly string[]) => string;
  readonly errorEvent: string;
  /** An event of the answer that has nothing where there should be something. */
  readonly emptyEvent: string;
  readonly errorBody: (message: string) => string;
  /** Bodies with status 400: of a request that is longer than the model's context, and of an account without credit, where that is one. */
  readonly tooLong: string;
  readonly noCredit?: string;
}

const chunk = (members: object): string =>
  `data: ${JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1_760_000_000, model: "test-model-2025-10-09", ...members })}\n\n`;

const openaiDelta = (delta: object, finish_reason: string | null = null): string =>
  chunk({ choices: [{ index: 0, delta, logprobs: null, finish_reason }], usage: null });

export const openaiUsage = {
  prompt_tokens: 12,
  completion_tokens: 7,
  total_tokens: 19,
  prompt_tokens_details: { cached_tokens: 4 },
  completion_tokens_details: { reasoning_tokens: 2 },
};

const contextError = (message: string, param: string): string =>
  JSON.stringify({ error: { message, type: "invalid_request_error", param, code: "context_length_exceeded" } });

export const openaiProtocol: Protocol = {
  answer: (parts) =>
    `${openaiProtocol.unfinished(parts)}${openaiDelta({}, "stop")}${chunk({ choices: [], usage: openaiUsage })}data: [DONE]\n\n`,
  whole: (parts) =>
    JSON.stringify({
      id: "chatcmpl-1",
      object: "chat.completion",
      created: 1_760_000_000,
      model: "test-model-2025-10-09",
      choices: [
        { index: 0, message: { role: "assistant", content: parts.join(""), refusal: null }, logprobs: null, finish_reason: "stop" },
      ],
      usage: openaiUsage,
    }),
  unfinished: (parts) =>
    openaiDelta({ role: "assistant", content: "", refusal: null }) + parts.map((content) => openaiDelta({ content })).join(""),
  errorEvent: `data: ${JSON.stringify({ error: { message: "The server had an error", type: "server_error", code: null } })}\n\n`,
  emptyEvent: chunk({ choices: [null] }),
  errorBody: (message) => JSON.stringify({ error: { message, type: "invalid_request_error", param: null, code: null } }),
  tooLong: contextError("This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.", "messages"),
};

export { openaiDelta, chunk as openaiChunk };

export const responsesEvent = (type: string, members: object = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: 0, ...members })}\n\n`;

export const responsesUsage = {
  input_tokens: 12,
  input_tokens_details: { cached_tokens: 4 },
  output_tokens: 7,
  output_tokens_details: { reasoning_tokens: 2 },
  total_tokens: 19,
};

/** The response object that begins and ends a stream. */
export const responseObject = (status: string, members: object = {}): object => ({
  id: "resp_1",
  object: "response",
  created_at: 1_760_000_000,
  status,
  error: null,
  incomplete_details: null,
  instructions: null,
  model: "test-model-2025-10-09",
  output: [],
  service_tier: "default",
  store: false,
  ...members,
});

export const responsesEnd = (status: string, members: object = {}): string =>
  responsesEvent(`response.${status}`, { response: responseObject(status, { usage: responsesUsage, ...members }) });

export const responsesDelta = (delta: string): string =>
  responsesEvent("response.output_text.delta", { item_id: "msg_1", output_index: 0, content_index: 0, delta });

const responsesOutput = (parts: readonly string[]): object => ({
  output: [
    {
      id: "msg_1",
      type: "message",
      status: "completed",
      role: "assistant",
      content: [{ type: "output_text", text: parts.join(""), annotations: [] }],
    },
  ],
});

/** The same events, each with its number, as OpenAI counts them. */
export function counted(events: string): string {
  let number = 0;
  return events.replaceAll(/(?<="sequence_number":)\d+/g, () => String(number++));
}

export const responsesProtocol: Protocol = {
  answer: (parts) =>
    counted(
      responsesProtocol.unfinished(parts) +
        responsesEvent("response.output_text.done", { item_id: "msg_1", output_index: 0, content_index: 0, text: parts.join("") }) +
        responsesEnd("completed", responsesOutput(parts)),
    ),
  whole: (parts) => JSON.stringify(responseObject("completed", { usage: responsesUsage, ...responsesOutput(parts) })),
  unfinished: (parts) =>
    counted(
      responsesEvent("response.created", { response: responseObject("in_progress") }) +
        responsesEvent("response.output_item.added", {
          output_index: 0,
          item: { id: "msg_1", type: "message", status: "in_progress", role: "assistant", content: [] },
        }) +
        parts.map(responsesDelta).join(""),
    ),
  errorEvent: responsesEvent("error", { code: "server_error", message: "The server had an error", param: null }),
  emptyEvent: responsesEnd("completed", { output: [null] }),
  errorBody: (message) => openaiProtocol.errorBody(message),
  tooLong: contextError("Your input exceeds the context window of this model. Please adjust your input and try again.", "input"),
};

export const anthropicEvent = (type: string, members: object = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;

const anthropicMessage = (said: { content: object[]; stop_reason: string | null; output: number }): object => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  content: said.content,
  model: "test-model-20251009",
  stop_reason: said.stop_reason,
  stop_sequence: null,
  usage: { input_tokens: 8, cache_creation_input_tokens: 0, cache_read_input_tokens: 4, output_tokens: said.output },
});

export const anthropicProtocol: Protocol = {
  answer: (parts) =>
    anthropicProtocol.unfinished(parts) +
    anthropicEvent("content_block_stop", { index: 0 }) +
    anthropicEvent("message_delta", { delta: { stop_reason: "end_turn", stop_sequence: null }, usage: { output_tokens: 7 } }) +
    anthropicEvent("message_stop"),
  whole: (parts) =>
    JSON.stringify(anthropicMessage({ content: [{ type: "text", text: parts.join("") }], stop_reason: "end_turn", output: 7 })),
  unfinished: (parts) =>
    anthropicEvent("message_start", { message: anthropicMessage({ content: [], stop_reason: null, output: 1 }) }) +
    anthropicEvent("content_block_start", { index: 0, content_block: { type: "text", text: "" } }) +
    anthropicEvent("ping") +
    parts.map((text) => anthropicEvent("content_block_delta", { index: 0, delta: { type: "text_delta", text } })).join(""),
  errorEvent: anthropicEvent("error", { error: { type: "overloaded_error", message: "Overloaded" } }),
  emptyEvent: anthropicEvent("content_block_delta", { index: 0 }),
  errorBody: (message) => JSON.stringify({ type: "error", error: { type: "invalid_request_error", message }, request_id: "req_1" }),
  get tooLong() {
    return this.errorBody("prompt is too long: 208656 tokens > 200000 maximum");
  },
  get noCredit() {
    return this.errorBody("Your credit balance is too low to access the Anthropic API.");
  },
};

export const json = { "content-type": "application/json" };

/** A script that sends an error as JSON. */
export function errorScript(protocol: Protocol, status: number, message: string, headers: Script["headers"] = {}): Script {
  return { status, headers: { ...json, ...headers }, chunks: [protocol.errorBody(message)] };
}

/** The providers that are reached over HTTP, each with a model of it (`modelsAt`) and how its server speaks. */
export const chatProviders: readonly { readonly name: string; readonly model: string; readonly protocol: Protocol }[] = [
  { name: "openai", model: "openai/test-model", protocol: openaiProtocol },
  { name: "openai through Responses", model: "openai/test-pro", protocol: responsesProtocol },
  { name: "anthropic", model: "anthropic/test-model", protocol: anthropicProtocol },
  { name: "openai-compatible", model: "here/test-model", protocol: openaiProtocol },
];
