import type { PlannedCall } from "#server/notebook/cell-kind.ts";
import { placeOf } from "./call-history.ts";
import type { CallsEstimate } from "./estimate.ts";
import type { CallContext, Send } from "./sender.ts";

/** Who is to pay for a call: what budgets go by. */
export type Payer = Pick<CallContext, "notebook" | "run">;

/** What keeps calls within budgets that hold for all runs. */
export interface SpendingBounds {
  /** Whether anything bounds the payer: where nothing does, no call is worked out beforehand. */
  bounds(payer: Payer): Promise<boolean>;
  /**
   * Resolves when a call may go out, with what books its cost when it has ended, null where that is not known. Rejects with a
   * `WaitingError` where a budget has no money left for it.
   */
  enter(payer: Payer, expect: () => Promise<ExpectedCost>, signal: AbortSignal): Promise<(cost: number | null) => void>;
}

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
    const { model, context, address, request } = call;
    if (model.effect !== "paid" || !(await budgets.bounds(context))) return send(call, signal, onText);
    const { messages, completion, parameters, schema, images, imageMessage } = request;
    const expect = async (): Promise<ExpectedCost> => {
      const { cost, models } = await estimate({
        model: model.name,
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
    const book = await budgets.enter(context, expect, signal);
    let spent: number | null = 0;
    try {
      const sent = await send(call, signal, onText);
      spent = sent.end.cost;
      return sent;
    } finally {
      book(spent);
    }
  };
}
