import type { AskedOfBatches, BatchAnswer } from "./batch-server.ts";

/** A batch as OpenAI has it. */
export function openAIBatch(more: object) {
  return {
    ...{ id: "batch_1", object: "batch", endpoint: "/v1/chat/completions", input_file_id: "file-in" },
    ...{ completion_window: "24h", created_at: 1_711_471_533, expires_at: 1_711_557_933 },
    ...more,
  };
}

/** A whole answer of Chat Completions. */
export function openAICompletion(content: string, model = "gpt-4o-mini-2024-07-18") {
  return {
    ...{ id: "chatcmpl-1", object: "chat.completion", model },
    choices: [{ index: 0, message: { role: "assistant", content, refusal: null }, finish_reason: "stop" }],
    usage: { prompt_tokens: 100_000, completion_tokens: 10_000, prompt_tokens_details: { cached_tokens: 0 } },
  };
}

/** The lines of a file. */
export function jsonLinesOf(...each: readonly unknown[]): string {
  return each.map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** The requests in a file that was put there for a batch. */
export function requestsIn({ headers, body }: AskedOfBatches): readonly BatchedRequest[] {
  const [, boundary] = /boundary=(\S+)$/.exec(headers["content-type"]!)!;
  const file = body.split(`--${boundary}`)[2]!;
  const lines = file.slice(file.indexOf("\r\n\r\n")).trim().split("\n");
  return lines.map((line) => JSON.parse(line) as BatchedRequest);
}

export interface BatchedRequest {
  readonly custom_id: string;
  readonly url: string;
  readonly body: {
    readonly model: string;
    readonly messages: readonly { readonly role: string; readonly content: unknown }[];
  };
}

/** OpenAI's batches, each with the requests that came in its file: all run until it is said that they have ended. */
export interface PlayedBatches {
  readonly batches: (readonly BatchedRequest[])[];
  /** What its models say to the text of a request; null where it fails, or was not answered when it was cancelled. */
  say: (text: string) => string | null;
  ended: boolean;
  refused: boolean;
  /** How often it was asked to cancel one. */
  cancelled: number;
  answer(asked: AskedOfBatches): BatchAnswer | undefined;
}

export function playOpenAIBatches(): PlayedBatches {
  const made: PlayedBatches = {
    batches: [],
    say: (text) => `<${text}>`,
    ended: false,
    refused: false,
    cancelled: 0,
    answer(asked) {
      const { line } = asked;
      if (line === "POST /v1/files") return { body: { id: `file_${made.batches.push(requestsIn(asked)) - 1}` } };
      if (line === "POST /v1/batches") return { body: batch(Number(/file_(\d+)/.exec(asked.body)![1])) };
      const [, given] = /^POST \/v1\/batches\/batch_(\d+)\/cancel$/.exec(line) ?? [];
      if (given !== undefined) made.cancelled += 1;
      if (given !== undefined) return { body: batch(Number(given)) };
      const [, looked] = /^GET \/v1\/batches\/batch_(\d+)$/.exec(line) ?? [];
      if (looked !== undefined) return { body: batch(Number(looked)) };
      const [, read] = /^GET \/v1\/files\/out_(\d+)\/content$/.exec(line) ?? [];
      return read === undefined ? undefined : { body: jsonLinesOf(...made.batches[Number(read)]!.map(resultOf)) };
    },
  };
  return made;

  function batch(number: number) {
    const id = { id: `batch_${number}` };
    if (made.refused)
      return openAIBatch({ ...id, status: "failed", errors: { data: [{ message: "Enqueued token limit reached" }] } });
    if (made.cancelled > 0 && made.ended)
      return openAIBatch({ ...id, status: "cancelled", cancelled_at: 1_711_493_163, output_file_id: `out_${number}` });
    if (made.ended)
      return openAIBatch({ ...id, status: "completed", completed_at: 1_711_493_163, output_file_id: `out_${number}` });
    const request_counts = { total: made.batches[number]!.length, completed: 1, failed: 0 };
    return openAIBatch({ ...id, status: made.cancelled > 0 ? "cancelling" : "in_progress", request_counts });
  }

  function resultOf({ custom_id, body }: BatchedRequest) {
    const said = made.say(String(body.messages.at(-1)!.content));
    if (said === null && made.cancelled > 0) return { custom_id, response: null, error: { code: "batch_cancelled" } };
    const response =
      said === null
        ? { status_code: 400, body: { error: { message: "no" } } }
        : { status_code: 200, body: openAICompletion(said, "gpt-5-mini") };
    return { custom_id, response: { request_id: "r", ...response } };
  }
}
