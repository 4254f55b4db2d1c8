import { ModelError } from "./model-error.ts";
import type { Prices } from "./prices.ts";
import type { CallEnd } from "#server/store/journal.ts";
import type { ChatModel } from "./model.ts";
import type { OutgoingCall, Send } from "./sender.ts";

/**
 * Adds what a call cost to its end: 0 where it was refused and nothing billed, null where it broke off or was cancelled
 * before the provider had counted.
 */
export function priced(send: Send, prices: Prices): Send {
  return async (call, signal, onText) => {
    const sent = await send(call, signal, onText);
    const { end, thrown } = sent;
    const { cost, price } =
      thrown instanceof ModelError && thrown.facts.unbilled && (end.attempts ?? []).every(({ unbilled }) => unbilled)
        ? { cost: 0, price: { source: "refused" } }
        : await prices(answering(call, end), end.usage, sent.sentAt, end.answeredBy);
    return { ...sent, end: { ...end, cost, price } };
  };
}

/** The model whose answer it is: one that took over has the prices of its own provider. */
function answering({ model, others = [] }: OutgoingCall, { attempts = [] }: CallEnd): ChatModel {
  const next = attempts.findLast((attempt) => attempt.next !== undefined)?.next;
  return others.find(({ name }) => name === next) ?? model;
}
