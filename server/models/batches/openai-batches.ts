import type OpenAI from "openai";
import { toCellError } from "#server/notebook/sheaf-error.ts";
import type { CallEnd } from "#server/store/journal.ts";
import type { ChatModel, ProviderSettings } from "../model.ts";
import { openAIClient, type OpenAIAccount } from "../openai-client.ts";
import { responseError } from "../openai-responses.ts";
import { failureError, truncatedError, type ErrorSource } from "../provider-error.ts";
import type { SendOptions } from "../response-of.ts";
import { ModelError } from "../model-error.ts";
import { answeredEnd, cancelledError, expiredError, failedEnd, unreadEnd } from "./batch-end.ts";
import { asking, stoppedBefore } from "./asking.ts";
import { batchResults } from "./batch-results.ts";
import { checkBatch } from "./check-batch.ts";
import { idIn, withStatus } from "./in-answer.ts";
import type { BatchState, ModelBatches, SentInBatch } from "./model-batches.ts";
import { openAIUsage, openAIWholeAnswer, type OpenAIBody } from "./openai-whole-answer.ts";

const most = { requests: 50_000, bytes: 200_000_000 };

/** A line of a batch's result files. */
interface Line {
  readonly custom_id: string;
  readonly response?: { readonly status_code: number; readonly request_id?: string; readonly body: OpenAIBody } | null;
  readonly error?: { readonly code?: string; readonly message?: string } | null;
}

/**
 * OpenAI's Batch API: the requests are a file of lines, each the body of one request without streaming, and so are the results,
 * those that failed in a file of their own. Source: OpenAI API reference, "Batch" and "Files", and the guide "Batch API".
 */
export function openAIBatches(
  { http }: Pick<ChatModel, "http">,
  account: OpenAIAccount,
  model: string,
  settings: ProviderSettings,
): ModelBatches {
  // A batch belongs to the account, whichever of its keys asks.
  const connection = openAIClient(account, settings);
  const source: ErrorSource = { ...account, model, secrets: connection.secrets };
  const ask = asking(source);

  return {
    most,
    async line({ id, request }) {
      const { path, body } = await http!.post(request, "read");
      return { id, path, text: JSON.stringify({ custom_id: id, method: "POST", url: `/v1${path}`, body }) };
    },
    async submit(lines, signal) {
      const text = lines.map((line) => `${line.text}\n`).join("");
      checkBatch(lines, text, most);
      signal.throwIfAborted();
      const endpoint = `/v1${lines[0]!.path}` as OpenAI.BatchCreateParams["endpoint"];
      const client = await connection.client();
      const file = await uploaded(client, text, signal);
      const made = { input_file_id: file, endpoint, completion_window: "24h" } as const;
      return idIn(await ask.made(0, (options) => client.batches.create(made, options).asResponse(), signal), source);
    },
    async look(id, signal) {
      return stateOf(await retrieve(id, signal), source);
    },
    async *results(id, { sentOf }, signal) {
      const batch = await retrieve(id, signal);
      const state = stateOf(batch, source);
      if (state.state !== "ended") return;
      const client = await connection.client();
      const files = [batch.output_file_id, batch.error_file_id].flatMap((file) =>
        file ? [ask.bytes((options) => client.files.content(file, options).asResponse(), signal)] : [],
      );
      yield* batchResults<Line>(files, (line, request) => endOf(line, state.at, sentOf(request)), state.at, source);
    },
    async cancel(id, signal) {
      const client = await connection.client();
      await ask.object((options) => client.batches.cancel(id, options).asResponse(), signal);
    },
  };

  async function retrieve(id: string, signal: AbortSignal): Promise<OpenAI.Batch> {
    const client = await connection.client();
    const answer = await ask.object((options) => client.batches.retrieve(id, options).asResponse(), signal);
    return withStatus<OpenAI.Batch>(answer, "status", statuses, source);
  }

  /** The id of a file that was put there. Without it there is no batch, however that failed. */
  async function uploaded(client: OpenAI, text: string, signal: AbortSignal): Promise<string> {
    try {
      return idIn(await ask.sent(text.length, (options) => upload(client, text, options), signal), source);
    } catch (thrown) {
      if (thrown instanceof ModelError) throw thrown.with({ unbilled: true });
      throw stoppedBefore(source, thrown);
    }
  }

  function endOf({ response, error }: Line, endedAt: number, sent: SentInBatch | undefined): CallEnd {
    if (response == null) {
      if (error?.code === "batch_expired") return failedEnd(expiredError(source.title), endedAt);
      if (error?.code === "batch_cancelled") return failedEnd(cancelledError(source.title), endedAt, "cancelled");
      return failedEnd(failureError({ body: error }, source), endedAt);
    }
    const { status_code: status, request_id: requestId, body } = response;
    const answer = status === 200 ? openAIWholeAnswer(body) : null;
    if (answer !== null) return answeredEnd(answer, { endedAt, requestId, body }, sent);
    const said = body?.error;
    const counted = status === 200 ? openAIUsage(body) : {};
    if (counted.output !== undefined) {
      const error = body.object === "response" || said ? responseError(body, source) : truncatedError(source);
      return { ...unreadEnd(error, endedAt, counted), ...(requestId === undefined ? {} : { requestId }) };
    }
    if (status === 200 && !said) throw new TypeError("an answer without its end");
    return failedEnd(failureError({ status, requestId, body: said ?? body }, source), endedAt);
  }
}

/** Puts a file of lines there. Written by hand: the body is a text, as all that is sent from here. */
function upload(client: OpenAI, lines: string, options: SendOptions): Promise<Response> {
  const boundary = "sheaf-batch-5f0c2b7e";
  const part = (disposition: string, content: string): string =>
    `--${boundary}\r\ncontent-disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`;
  const name = 'name="file"; filename="batch.jsonl"\r\ncontent-type: application/jsonl';
  const sent = client.post("/files", {
    body: `${part('name="purpose"', "batch")}${part(name, lines)}--${boundary}--\r\n`,
    headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
    ...options,
  });
  return sent.asResponse();
}

const statuses = [
  "validating",
  "failed",
  "in_progress",
  "finalizing",
  "completed",
  "expired",
  "cancelling",
  "cancelled",
];

function stateOf(batch: OpenAI.Batch, source: ErrorSource): BatchState {
  const seconds = (...times: readonly (number | null | undefined)[]): number | null =>
    times.map((time) => (time == null ? null : time * 1_000)).find((time) => time !== null) ?? null;
  switch (batch.status) {
    case "failed": {
      const [first] = batch.errors?.data ?? [];
      const line = first?.line == null ? "" : ` (line ${first.line})`;
      const message = first?.message === undefined ? "it said no reason" : `${first.message}${line}`;
      return { state: "refused", error: toCellError(failureError({ body: { ...first, message } }, source)) };
    }
    case "completed":
    case "expired":
    case "cancelled":
      return {
        state: "ended",
        at: seconds(batch.completed_at, batch.expired_at, batch.cancelled_at, batch.created_at) ?? 0,
      };
    case "validating":
    case "in_progress":
    case "finalizing":
    case "cancelling": {
      const { completed = 0, failed = 0, total = 0 } = batch.request_counts ?? {};
      const running = { state: "running", done: completed + failed, total, until: seconds(batch.expires_at) } as const;
      return batch.status === "cancelling" ? { ...running, cancelling: true } : running;
    }
  }
}
