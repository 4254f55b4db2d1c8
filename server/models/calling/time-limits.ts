import type { ChatModel } from "../model.ts";
import { responsesUse } from "../openai-protocol.ts";
import { usualTimeLimits, type TimeLimits } from "./timed.ts";

const thinkingTimeLimits: TimeLimits = { firstPart: 600_000, idle: 300_000, total: 1_800_000 };

/** How long a model is waited for, where `own` does not say it: one that is known to think, or has the name of such, says nothing while it does. */
export function timeLimitsOf(
  { name, capabilities }: Pick<ChatModel, "name" | "capabilities">,
  own: Partial<TimeLimits> = {},
): TimeLimits {
  // Brokers put the maker's name before the model's.
  const thinks = capabilities?.reasoning ?? responsesUse(name.slice(name.lastIndexOf("/") + 1)) !== "asked";
  const limits = { ...(thinks ? thinkingTimeLimits : usualTimeLimits), ...own };
  // Of one that does not stream the first part is the whole answer.
  return capabilities?.streaming === false ? { ...limits, firstPart: own.firstPart ?? limits.total } : limits;
}
