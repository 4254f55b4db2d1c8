import { placeOfCall } from "./call-history.ts";
import { HeldBack } from "./held-back.ts";
import type { ChatModel } from "./model.ts";
import type { ExpectCost, ExpectedCost } from "./expected-cost.ts";
import type { CallContext, Send, SentCall } from "./sender.ts";

/** Who is to pay for a call: what budgets go by. */
export type Payer = Pick<CallContext, "notebook" | "run">;

/** What keeps calls within budgets that hold for all runs. */
export interface SpendingBounds {
  /** Whether anything bounds the payer: where nothing does, no call is worked out beforehand. */
  bounds(payer: Payer): Promise<boolean>;
  /**
   * Resolves when a call may go out. Of a model nothing is known of the first goes alone, and of a place no more go at once than of it were
   * answered. Rejects with a `WaitingError` where a budget has no money left for it.
   */
  enter(payer: Payer, call: BoundedCall, signal: AbortSignal): Promise<Admission>;
  /** Books what a call came to, also one that nothing bounded when it went out. Never rejects. */
  spent(payer: Payer, call: BookedCall): Promise<void>;
}

/** A call that asks to be let out. */
export interface BoundedCall {
  /** The model, cell and labels it is for: calls of one place are alike. */
  readonly place: string;
  expect(): Promise<BoundedCost>;
}

/** A call that was let out. */
export interface Admission {
  /** Whether there is still money for it, as it has its turn. */
  mayLeave(): boolean;
  /** It is out no more; what an answer cost, US dollars, null where it is none or nobody knows. */
  leave(cost: number | null): void;
}

/** A call of the journal that has ended. */
export type BookedCall = Pick<SentCall, "id" | "sentAt"> & { readonly end: Pick<SentCall["end"], "cost" | "expected"> };

/** What a call is held to: one without a known price to nothing. */
export type BoundedCost = ExpectedCost & { readonly cost: number };

/** Sends what costs something only while the budgets that hold for it have money left. What the journal answers never comes here. */
export function bounded(send: Send, budgets: SpendingBounds, expectCost: ExpectCost): Send {
  return async (call, signal, onText) => {
    const { model, others = [], context } = call;
    const paid = [model, ...others].filter(({ effect }) => effect === "paid");
    if (paid.length === 0) return send({ ...call, expected: 0 }, signal, onText);
    const expectOf = (one: ChatModel): Promise<ExpectedCost> => expectCost(call, one);
    let expected: { readonly expected?: number } = {};
    // Any of them may be the one that answers.
    const expect = async (): Promise<BoundedCost> => {
      const all = await Promise.all(paid.map(expectOf));
      const most = dearest(all);
      expected = all.some(({ cost }) => cost === null) ? {} : { expected: most.cost };
      return most;
    };
    const place = JSON.stringify([model.name, placeOfCall(context, call.address)]);
    for (;;) {
      const admission = (await budgets.bounds(context))
        ? await budgets.enter(context, { place, expect }, signal)
        : null;
      let held: HeldBack | undefined;
      const onSend = (): void => {
        if (admission?.mayLeave() === false) throw (held = new HeldBack());
        context.onSend?.();
      };
      let cost: number | null = null;
      try {
        const sent = await send({ ...call, ...expected, context: { ...context, onSend } }, signal, onText);
        await budgets.spent(context, sent);
        if (sent.end.state === "done") cost = sent.end.cost;
        return sent;
      } catch (thrown) {
        // Others were answered since it was let out, and cost more than was thought: it is let out anew.
        if (held === undefined || thrown !== held) throw thrown;
      } finally {
        admission?.leave(cost);
      }
    }
  };
}

/** The most that any of them may cost, as sure as the least sure of them. */
function dearest(all: readonly ExpectedCost[]): BoundedCost {
  const by = (["nothing", "its model"] as const).find((one) => all.some((expected) => expected.by === one));
  return { cost: Math.max(...all.map(({ cost }) => cost ?? 0)), by: by ?? "its like" };
}
