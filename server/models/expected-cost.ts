import type { PlannedCall } from "#server/notebook/cell-kind.ts";
import { placeOfCall } from "./call-history.ts";
import type { CallsEstimate } from "./estimate.ts";
import type { ChatModel } from "./model.ts";
import type { OutgoingCall } from "./sender.ts";

/** What a call may cost, and whether that is known of its like, of its model, or of none. */
export interface ExpectedCost {
  /** US dollars; null where the price is not known. */
  readonly cost: number | null;
  readonly by: "its like" | "its model" | "nothing";
}

/** Foretells what a call may cost by a model. */
export type ExpectCost = (call: OutgoingCall, model: ChatModel) => Promise<ExpectedCost>;

type OneEstimate = Pick<CallsEstimate, "cost" | "models" | "unpriced">;

/** Foretells what calls cost by the estimate of each. */
export function expectByEstimate(
  estimate: (call: PlannedCall & { readonly place: ReturnType<typeof placeOfCall> }) => Promise<OneEstimate>,
): ExpectCost {
  return async ({ context, address, request }, { name }) => {
    const { messages, completion, parameters, schema, images, imageMessage } = request;
    return expectedCost(
      await estimate({
        model: name,
        messages,
        parameters,
        repeat: 0,
        ...(completion === undefined ? {} : { completion }),
        ...(schema === undefined ? {} : { schema }),
        ...(images === undefined ? {} : { images: images.map((image) => ({ ...image, bytes: 0 })) }),
        ...(imageMessage === undefined ? {} : { imageMessage }),
        place: placeOfCall(context, address),
      }),
    );
  };
}

/** What one call may cost by its estimate: of its like the mean, and else the most, as what is known of others may be the shortest of those. */
export function expectedCost({ cost, models, unpriced }: OneEstimate): ExpectedCost {
  const basis = models[0]?.basis.output;
  const by = basis === "place" ? "its like" : basis === "assumed" ? "nothing" : "its model";
  if (unpriced.length > 0) return { cost: null, by };
  return { cost: basis === "place" ? cost.likely : cost.high, by };
}
