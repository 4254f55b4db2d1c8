import type { CallEnd } from "#server/store/journal.ts";
import type { ChatModel } from "../model.ts";
import { otherRate } from "../other-rate.ts";
import type { Prices } from "../prices.ts";

/** What is paid of the list price. Sources: OpenAI "Batch API" and Anthropic "Batch processing", each of which says 50 %. */
export const batchShare = 0.5;

/** The end of a request of a batch with what it cost: half the list price at the time it ended, also of one that was counted without an answer; null where that is not known. */
export async function batchPrice(
  end: CallEnd,
  model: Pick<ChatModel, "name" | "identity" | "effect">,
  prices: Prices,
): Promise<CallEnd> {
  if (end.state !== "done" && end.usage.output === undefined) return end;
  const { cost, price } = await prices(
    model,
    end.usage,
    end.endedAt,
    end.answeredBy,
    otherRate(end.response, ["batch"]),
  );
  return { ...end, cost: cost === null ? null : cost * batchShare, price: { ...price, batch: batchShare } };
}
