import type { PlannedCall } from "#server/notebook/cell-kind.ts";
import { placeOf } from "./call-history.ts";
import type { CallsEstimate } from "./estimate.ts";
import type { ChatModel } from "./model.ts";
import type { CallContext, Send, SentCall } from "./sender.ts";

/** Who is to pay for a call: what budgets go by. */
export type Payer = Pick<CallContext, "notebook" | "run">;

/** What keeps calls within budgets that hold for all runs. */
export interface SpendingBounds {
  /** Whether anything bounds the payer: where nothing does, no call is worked out beforehand. */
  bounds(payer: Payer): Promise<boolean>;
  /**
   * Resolves when a call may go out, with what is called when it is out no more. Rejects with a `WaitingError` where a budget has no money
   * left for it.
   */
  enter(payer: Payer, expect: () => Promise<ExpectedCost>, signal: AbortSignal): Promise<() => void>;
  /** Books what a call came to, also one that nothing bounded when it went out. Never rejects. */
  spent(payer: Payer, call: BookedCall): Promise<void>;
}

/** A call of the journal that has ended. */
export type BookedCall = Pick<SentCall, "id" | "sentAt"> & { readonly end: Pick<SentCall["end"], "cost"> };

/** What a call may cost, US dollars, and whether that is known of its like, of its model, or of none: then the first goes alone. */
export interface ExpectedCost {
  readonly cost: number;
  readonly by: "its like" | "its model" | "nothing";
}

/** Sends what costs something only while the budgets that hold for it have money left. What the journal answers never comes here. */
export function bounded(
  send: Send,
  budgets: SpendingBounds,
  estimate: (
    call: PlannedCall & { readonly place: ReturnType<typeof placeOf> },
  ) => Promise<Pick<CallsEstimate, "cost" | "models">>,
): Send {
  return async (call, signal, onText) => {
    const { model, others = [], context, address, request } = call;
    const paid = [model, ...others].filter(({ effect }) => effect === "paid");
    if (paid.length === 0) return send(call, signal, onText);
    const { messages, completion, parameters, schema, images, imageMessage } = request;
    const expectOf = async ({ name }: ChatModel): Promise<ExpectedCost> => {
      const { cost, models } = await estimate({
        model: name,
        messages,
        parameters,
        repeat: 0,
        ...(completion === undefined ? {} : { completion }),
        ...(schema === undefined ? {} : { schema }),
        ...(images === undefined ? {} : { images: images.map((image) => ({ ...image, bytes: 0 })) }),
        ...(imageMessage === undefined ? {} : { imageMessage }),
        place: placeOf(context.notebook, address),
      });
      const basis = models[0]?.basis.output;
      // What only its like elsewhere is known of may be as long as the longest of those.
      if (basis === "place") return { cost: cost.likely, by: "its like" };
      return { cost: cost.high, by: basis === "assumed" ? "nothing" : "its model" };
    };
    // Any of them may be the one that answers.
    const expect = async (): Promise<ExpectedCost> => dearest(await Promise.all(paid.map(expectOf)));
    const leave = (await budgets.bounds(context)) ? await budgets.enter(context, expect, signal) : undefined;
    try {
      const sent = await send(call, signal, onText);
      await budgets.spent(context, sent);
      return sent;
    } finally {
      leave?.();
    }
  };
}

/** The most that any of them may cost, as sure as the least sure of them. */
function dearest(all: readonly ExpectedCost[]): ExpectedCost {
  const by = (["nothing", "its model"] as const).find((one) => all.some((expected) => expected.by === one));
  return { cost: Math.max(...all.map(({ cost }) => cost)), by: by ?? "its like" };
}
