import type Anthropic from "@anthropic-ai/sdk";
import type { CallEnd } from "#server/store/journal.ts";
import type { ChatModel } from "../model.ts";
import { failureError, truncatedError, type ErrorSource } from "../provider-error.ts";
import type { SendRequest } from "../response-of.ts";
import { asking } from "./asking.ts";
import { answeredEnd, cancelledError, expiredError, failedEnd, unreadEnd, type WholeAnswer } from "./batch-end.ts";
import { batchResults } from "./batch-results.ts";
import { checkBatch } from "./check-batch.ts";
import { idIn, withStatus } from "./in-answer.ts";
import type { BatchState, ModelBatches, SentInBatch } from "./model-batches.ts";

const most = { requests: 100_000, bytes: 256_000_000 };

type Line = Anthropic.Messages.MessageBatchIndividualResponse;

/** What of Anthropic's messages is the same streamed and whole. */
export interface MessageReading {
  readonly usageOf: (usage: Partial<Anthropic.Usage>) => WholeAnswer["usage"];
  readonly finishOf: (reason: Anthropic.StopReason) => WholeAnswer["finish"];
}

/** Anthropic's Message Batches. Source: Anthropic's "Message Batches" and "Batch processing". */
export function anthropicBatches(
  { http }: Pick<ChatModel, "http">,
  connect: () => Promise<Anthropic>,
  source: ErrorSource,
  { usageOf, finishOf }: MessageReading,
): ModelBatches {
  const ask = asking(source);
  const batches = async () => (await connect()).messages.batches;

  return {
    most,
    async line({ id, request }) {
      const { path, body } = await http!.post(request, "read");
      return { id, path, text: JSON.stringify({ custom_id: id, params: body }) };
    },
    async submit(lines, signal) {
      const body = `{"requests":[${lines.map(({ text }) => text).join(",")}]}`;
      checkBatch(lines, body, most);
      signal.throwIfAborted();
      const client = await connect();
      const headers = { "content-type": "application/json" };
      const send: SendRequest = (options) =>
        client.post("/v1/messages/batches", { body, headers, ...options }).asResponse();
      return idIn(await ask.made(body.length, send, signal), source);
    },
    async look(id, signal) {
      return stateOf(await retrieve(id, signal));
    },
    async *results(id, { sentOf }, signal) {
      const state = stateOf(await retrieve(id, signal));
      if (state.state !== "ended") return;
      const client = await connect();
      // At its own address, and not at one that an answer names: the key goes with it.
      const path = `/v1/messages/batches/${encodeURIComponent(id)}/results`;
      const file = ask.bytes((options) => client.get(path, { stream: true, ...options }).asResponse(), signal);
      yield* batchResults<Line>(
        [file],
        ({ result }, request) => endOf(result, state.at, sentOf(request)),
        state.at,
        source,
      );
    },
    async cancel(id, signal) {
      const of = await batches();
      await ask.object((options) => of.cancel(id, {}, options).asResponse(), signal);
    },
  };

  async function retrieve(id: string, signal: AbortSignal): Promise<AnyBatch> {
    const of = await batches();
    const answer = await ask.object((options) => of.retrieve(id, {}, options).asResponse(), signal);
    return withStatus<AnyBatch>(answer, "processing_status", statuses, source);
  }

  function endOf(result: Line["result"], endedAt: number, sent: SentInBatch | undefined): CallEnd {
    switch (result.type) {
      case "errored":
        return failedEnd(
          failureError({ body: result.error, requestId: result.error?.request_id ?? undefined }, source),
          endedAt,
        );
      case "canceled":
        return failedEnd(cancelledError(source.title), endedAt, "cancelled");
      case "expired":
        return failedEnd(expiredError(source.title), endedAt);
      case "succeeded": {
        const { message } = result;
        const usage = usageOf(message.usage ?? {});
        if (message.stop_reason == null) return unreadEnd(truncatedError(source), endedAt, usage);
        const texts = message.content.map((block) => (block.type === "text" ? wordsOf(block.text) : ""));
        const thoughts = message.content.map((block) => (block.type === "thinking" ? block.thinking : ""));
        const answer = {
          text: texts.join(""),
          reasoning: thoughts.filter((thought) => thought !== "").join("\n\n"),
          finish: finishOf(message.stop_reason),
          usage,
          model: message.model,
        } as const;
        return answeredEnd(answer, { endedAt, body: message }, sent);
      }
      default:
        throw new TypeError(`a result that is ${String((result as { readonly type?: unknown }).type)}`);
    }
  }
}

function wordsOf(text: unknown): string {
  if (typeof text !== "string") throw new TypeError(`a text that is ${typeof text}`);
  return text;
}

const statuses = ["in_progress", "canceling", "ended"];

/** What is read of a batch. */
interface AnyBatch extends Pick<Anthropic.Messages.MessageBatch, "id" | "processing_status"> {
  readonly request_counts?: Partial<Anthropic.Messages.MessageBatchRequestCounts> | null;
  readonly ended_at?: unknown;
  readonly created_at?: unknown;
  readonly expires_at?: unknown;
}

function stateOf(batch: AnyBatch): BatchState {
  const { processing = 0, succeeded = 0, errored = 0, canceled = 0, expired = 0 } = batch.request_counts ?? {};
  const done = succeeded + errored + canceled + expired;
  if (batch.processing_status === "ended")
    return { state: "ended", at: timeOf(batch.ended_at) ?? timeOf(batch.created_at) ?? 0 };
  const running = { state: "running", done, total: done + processing, until: timeOf(batch.expires_at) } as const;
  return batch.processing_status === "canceling" ? { ...running, cancelling: true } : running;
}

function timeOf(date: unknown): number | null {
  const time = Date.parse(String(date));
  return Number.isNaN(time) ? null : time;
}
