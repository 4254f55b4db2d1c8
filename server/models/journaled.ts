import { addressText } from "#server/notebook/address.ts";
import type { Journal } from "#server/store/journal.ts";
import { toCellError } from "#server/notebook/sheaf-error.ts";
import { ModelError } from "./model-error.ts";
import { requestDatum } from "./request-datum.ts";
import { saidOnce } from "./said-once.ts";
import type { Send, SentCall } from "./sender.ts";

/**
 * Writes each call to the journal when it is about to be sent and after it ended, and resolves only when both are on disk:
 * what was paid for is never lost, and no final value is seen that is not kept. An answer that could not be written is a failure, which knows what it came to. A call that waits, for a place or a limit, is
 * not in it yet; one that left without being sent never is.
 */
export function journaled(send: Send, journal: Pick<Journal, "begin" | "finish">, clock: () => number): Send {
  return async (call, signal, onText) => {
    const { key, model, request, context, address, step, expected } = call;
    let begun: { readonly sentAt: number; readonly id: Promise<number> } | undefined;
    const onSend = async (): Promise<void> => {
      if (begun === undefined) {
        context.onSend?.();
        const sentAt = clock();
        const intent = { key, notebook: context.notebook, address: addressText(address), step, run: context.run };
        const kept = context.keep === undefined ? {} : { keptUntil: sentAt + context.keep };
        const costs = expected === undefined ? {} : { expected };
        const id = journal.begin({
          ...intent,
          ...kept,
          ...costs,
          model: model.name,
          request: requestDatum(request),
          sentAt,
        });
        begun = { sentAt, id };
      }
      await begun.id;
    };
    const sent = await send(
      { ...call, request: { ...request, sending: { ...request.sending, onSend } } },
      signal,
      onText,
    );
    if (begun === undefined) throw sent.thrown ?? new Error(`${model.name} answered without saying that it was asked`);
    const id = await begun.id;
    const made = { ...sent, id, sentAt: begun.sentAt };
    try {
      await journal.finish(id, saidOnce(sent.end, request.schema));
    } catch (thrown) {
      return sent.end.state === "done" ? unwritten(made, model.name, toCellError(thrown).message) : made;
    }
    return made;
  };
}

function unwritten(sent: SentCall, name: string, reason: string): SentCall {
  const thrown = new ModelError("model.unwritten", `the answer of ${name} could not be written: ${reason}`, {
    cure: "See that the workspace's disk has room and can be written, and run it again: it is sent and paid for once more.",
  });
  return { ...sent, end: { ...sent.end, state: "failed", error: toCellError(thrown) }, thrown };
}
