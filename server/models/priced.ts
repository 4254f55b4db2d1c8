import { ModelError } from "./model-error.ts";
import type { Prices } from "./prices.ts";
import type { Send } from "./sender.ts";

/**
 * Adds what a call cost to its end: 0 where it was refused and nothing billed, null where it broke off or was cancelled
 * before the provider had counted.
 */
export function priced(send: Send, prices: Prices): Send {
  return async (call, signal, onText) => {
    const sent = await send(call, signal, onText);
    const { end, thrown } = sent;
    const { cost, price } =
      thrown instanceof ModelError && thrown.facts.unbilled
        ? { cost: 0, price: { source: "refused" } }
        : await prices(call.model, end.usage, sent.sentAt, end.answeredBy);
    return { ...sent, end: { ...end, cost, price } };
  };
}
