import type OpenAI from "openai";
import { toCellError } from "#server/notebook/sheaf-error.ts";
import type { Datum } from "#server/notebook/value.ts";
import type { CallEnd } from "#server/store/journal.ts";
import type { ChatModel, ProviderSettings } from "../model.ts";
import { openAIClient, type OpenAIAccount } from "../openai-client.ts";
import { failureError, type ErrorSource } from "../provider-error.ts";
import { answeredEnd, cancelledError, expiredError, failedEnd } from "./batch-end.ts";
import { asking } from "./asking.ts";
import { checkBatch } from "./check-batch.ts";
import { jsonLines } from "./json-lines.ts";
import type { BatchReading, BatchResult, BatchState, ModelBatches, SentInBatch } from "./model-batches.ts";
import { openAIWholeAnswer, type OpenAIBody } from "./openai-whole-answer.ts";

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
      const endpoint = `/v1${lines[0]!.path}` as OpenAI.BatchCreateParams["endpoint"];
      const client = await connection.client();
      const file = await ask(signal, () => upload(client, text, signal));
      const batch = await ask(signal, () =>
        client.batches.create({ input_file_id: file.id, endpoint, completion_window: "24h" }, { signal }),
      );
      return batch.id;
    },
    async look(id, signal) {
      const client = await connection.client();
      return stateOf(await ask(signal, () => client.batches.retrieve(id, { signal })), source);
    },
    async *results(id, reading, signal) {
      const client = await connection.client();
      const batch = await ask(signal, () => client.batches.retrieve(id, { signal }));
      const state = stateOf(batch, source);
      if (state.state !== "ended") return;
      for (const file of [batch.output_file_id, batch.error_file_id]) {
        if (!file) continue;
        const response = await ask(signal, () => client.files.content(file, { signal }));
        yield* resultsIn(response, state.at, reading);
      }
    },
    async cancel(id, signal) {
      const client = await connection.client();
      await ask(signal, () => client.batches.cancel(id, { signal }));
    },
  };

  async function* resultsIn(response: Response, at: number, reading: BatchReading): AsyncGenerator<BatchResult> {
    for await (const line of ask.each(jsonLines(response.body!))) {
      const { custom_id: id } = line as Line;
      yield { id, end: endOf(line as Line, at, reading.sentOf(id)) };
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
    if (answer === null) return failedEnd(failureError({ status, body: body.error ?? body }, source), endedAt);
    return answeredEnd(answer, { endedAt, requestId, response: body as unknown as Datum }, sent);
  }
}

/** Puts a file of lines there. Written by hand: the body is a text, as all that is sent from here. */
function upload(client: OpenAI, lines: string, signal: AbortSignal): Promise<{ readonly id: string }> {
  const boundary = "sheaf-batch-5f0c2b7e";
  const part = (disposition: string, content: string): string =>
    `--${boundary}\r\ncontent-disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`;
  const name = 'name="file"; filename="batch.jsonl"\r\ncontent-type: application/jsonl';
  return client.post("/files", {
    body: `${part('name="purpose"', "batch")}${part(name, lines)}--${boundary}--\r\n`,
    headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
    signal,
  });
}

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
