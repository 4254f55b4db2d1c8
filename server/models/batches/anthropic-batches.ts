import type Anthropic from "@anthropic-ai/sdk";
import type { Datum } from "#server/notebook/value.ts";
import type { CallEnd } from "#server/store/journal.ts";
import type { ChatModel } from "../model.ts";
import { failureError, type ErrorSource } from "../provider-error.ts";
import { asking } from "./asking.ts";
import { answeredEnd, cancelledError, expiredError, failedEnd, type WholeAnswer } from "./batch-end.ts";
import { checkBatch } from "./check-batch.ts";
import { jsonLines } from "./json-lines.ts";
import type { BatchState, ModelBatches, SentInBatch } from "./model-batches.ts";

const most = { requests: 100_000, bytes: 256_000_000 };

type Line = Anthropic.Messages.MessageBatchIndividualResponse;

/** What of Anthropic's messages is the same streamed and whole. */
export interface MessageReading {
  readonly usageOf: (usage: Anthropic.Usage) => WholeAnswer["usage"];
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
      const client = await connect();
      const headers = { "content-type": "application/json" };
      const { id } = await ask(signal, () =>
        client.post<{ readonly id: string }>("/v1/messages/batches", { body, headers, signal }),
      );
      return id;
    },
    async look(id, signal) {
      const of = await batches();
      return stateOf(await ask(signal, () => of.retrieve(id, {}, { signal })));
    },
    async *results(id, { sentOf }, signal) {
      const client = await connect();
      const state = stateOf(await ask(signal, () => client.messages.batches.retrieve(id, {}, { signal })));
      if (state.state !== "ended") return;
      // At its own address, and not at one that an answer names: the key goes with it.
      const path = `/v1/messages/batches/${encodeURIComponent(id)}/results`;
      const response = await ask(signal, () => client.get(path, { signal, stream: true }).asResponse());
      for await (const line of ask.each(jsonLines(response.body!))) {
        const { custom_id: request, result } = line as Line;
        yield { id: request, end: endOf(result, state.at, sentOf(request)) };
      }
    },
    async cancel(id, signal) {
      const of = await batches();
      await ask(signal, () => of.cancel(id, {}, { signal }));
    },
  };

  function endOf(result: Line["result"], endedAt: number, sent: SentInBatch | undefined): CallEnd {
    switch (result.type) {
      case "errored":
        return failedEnd(failureError({ body: result.error }, source), endedAt);
      case "canceled":
        return failedEnd(cancelledError(source.title), endedAt, "cancelled");
      case "expired":
        return failedEnd(expiredError(source.title), endedAt);
      case "succeeded": {
        const { message } = result;
        const texts = message.content.map((block) => (block.type === "text" ? block.text : ""));
        const thoughts = message.content.map((block) => (block.type === "thinking" ? block.thinking : ""));
        const answer = {
          text: texts.join(""),
          reasoning: thoughts.filter((thought) => thought !== "").join("\n\n"),
          finish: message.stop_reason === null ? "other" : finishOf(message.stop_reason),
          usage: usageOf(message.usage),
          model: message.model,
        } as const;
        return answeredEnd(answer, { endedAt, response: message as unknown as Datum }, sent);
      }
    }
  }
}

function stateOf(batch: Anthropic.Messages.MessageBatch): BatchState {
  const { processing, succeeded, errored, canceled, expired } = batch.request_counts;
  const done = succeeded + errored + canceled + expired;
  if (batch.processing_status === "ended")
    return { state: "ended", at: Date.parse(batch.ended_at ?? batch.created_at) };
  const running = { state: "running", done, total: done + processing, until: Date.parse(batch.expires_at) } as const;
  return batch.processing_status === "canceling" ? { ...running, cancelling: true } : running;
}
