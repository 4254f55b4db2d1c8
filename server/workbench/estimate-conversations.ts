import type { PlannedCall } from "#server/notebook/cell-kind.ts";
import { placeOfCall } from "#server/models/call-history.ts";
import type { CallToCome } from "#server/models/estimate.ts";
import { isRisky } from "#server/runner/confirm-run.ts";
import type { Estimate } from "#server/runner/estimate.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import type { Session } from "#server/runner/session.ts";
import { conversationCall, type Conversation } from "./continue-conversation.ts";

/** What answering conversations would come to, and whether a person is to be asked first, as of a run. */
export interface ConversationsEstimate extends Estimate {
  readonly isRisky: boolean;
}

/** What answering the last turns of conversations would come to. One that cannot go on is left out: it says why when it is sent. */
export async function estimateConversations(
  conversations: readonly Conversation[],
  session: Session,
  { caller }: Pick<Runtime, "caller">,
): Promise<ConversationsEstimate> {
  const calls: CallToCome[] = [];
  for (const conversation of conversations) {
    const call = await conversationCall(conversation, session).catch((): PlannedCall | null => null);
    const { cell, at } = conversation;
    if (call !== null)
      calls.push({ ...call, place: placeOfCall({ notebook: session.state.path, run: "" }, { cell, at }) });
  }
  const known = await caller.estimate(calls);
  return { known, open: 0, isRisky: isRisky(known) };
}
