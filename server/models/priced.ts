import { ModelError } from "./model-error.ts";
import { isMapping } from "#server/notebook/is-mapping.ts";
import type { Datum } from "#server/notebook/value.ts";
import { otherRate } from "./other-rate.ts";
import type { Prices } from "./prices.ts";
import type { CallEnd } from "#server/store/journal.ts";
import type { ExpectCost } from "./expected-cost.ts";
import type { ChatModel } from "./model.ts";
import type { OutgoingCall, Send } from "./sender.ts";

/**
 * Adds what a call cost to its end: 0 where it was refused and nothing billed, null where it broke off or was cancelled
 * before the provider had counted. Attempts before the answer that may have been billed are not in its cost; the price says
 * how many there were (`uncertainAttempts`). Where its cost is not known and its model's price is, its end has what `expectCost` expects of its like.
 */
export function priced(send: Send, prices: Prices, expectCost: ExpectCost): Send {
  return async (call, signal, onText) => {
    const sent = await send(call, signal, onText);
    const { end, thrown } = sent;
    const { cost, price } =
      thrown instanceof ModelError && thrown.facts.unbilled && (end.attempts ?? []).every(({ unbilled }) => unbilled)
        ? { cost: 0, price: { source: "refused" } }
        : await prices(answering(call, end), end.usage, sent.sentAt, end.answeredBy, otherRate(end.response));
    const uncertain = isPaid(call) ? (end.attempts ?? []).filter(({ unbilled }) => !unbilled).length : 0;
    const expected = cost === null ? await expectCost(call, answering(call, end)).catch(() => null) : null;
    return {
      ...sent,
      end: {
        ...end,
        cost,
        price: uncertain === 0 ? price : withUncertain(price, uncertain),
        ...(expected?.cost == null ? {} : { expected: expected.cost }),
      },
    };
  };
}

/** Whether any of the models that may have been asked costs money. */
function isPaid({ model, others = [] }: OutgoingCall): boolean {
  return [model, ...others].some(({ effect }) => effect === "paid");
}

function withUncertain(price: Datum, uncertainAttempts: number): Datum {
  return isMapping(price) ? { ...price, uncertainAttempts } : price;
}

/** The model whose answer it is: one that took over has the prices of its own provider. */
function answering({ model, others = [] }: OutgoingCall, { attempts = [] }: CallEnd): ChatModel {
  const next = attempts.findLast((attempt) => attempt.next !== undefined)?.next;
  return others.find(({ name }) => name === next) ?? model;
}
