import type { Accessor } from "solid-js";
import type { ConversationsEstimate } from "#server/workbench/estimate-conversations.ts";
import { createSettledEstimate } from "~/money/settled-estimate";

/** What saying a text to answers would cost, once it is not typed any more; the estimate before stays until then, and null stands for none. */
export function createSayEstimate(
  text: Accessor<string>,
  to: Accessor<readonly unknown[]>,
  estimate: () => Promise<ConversationsEstimate>,
): Accessor<ConversationsEstimate | null> {
  return createSettledEstimate(
    () => [text(), to()],
    () => text() !== "" && to().length > 0,
    estimate,
  );
}
