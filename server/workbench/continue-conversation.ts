import { parseAnswer } from "#server/cells/parse-answer.ts";
import type { Coordinates } from "#server/notebook/address.ts";
import type { PlannedCall } from "#server/notebook/cell-kind.ts";
import type { CallFacts, ChatAnswer } from "#server/notebook/services.ts";
import { stayingImages } from "#server/notebook/staying-images.ts";
import { SheafError, toCellError } from "#server/notebook/sheaf-error.ts";
import type { CellError } from "#server/notebook/value.ts";
import { keptFor } from "#server/runner/run-calls.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import type { Session } from "#server/runner/session.ts";
import { newestNews } from "./newest-news.ts";

/** A prompt's answer at an address, and what was said after it. */
export interface Conversation {
  /** The node, and its labels there, of one in a sheet with the row. */
  readonly cell: string;
  readonly at: Coordinates;
  /** Each answer with what was said to it, in order; the last is what is answered now. */
  readonly turns: readonly { readonly answer: string; readonly said: string }[];
}

/** How the next answer of a conversation comes, and how it ends. */
export type ConversationEvent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "answer"; readonly text: string; readonly call: CallFacts }
  /** `call` is the call of an answer that is none: a refusal. */
  | { readonly type: "failed"; readonly error: CellError; readonly call?: CallFacts };

/**
 * The call that answers the last turn: the prompt as it is sent at its address, and after it all that was said. A schema is for the
 * prompt's own answer. Throws `conversation.…` for what cannot be talked to.
 */
export async function conversationCall({ cell, at, turns }: Conversation, session: Session): Promise<PlannedCall> {
  const { [session.state.graph.nodes.get(cell)?.sheet ?? ""]: row, ...labels } = at;
  const preview = await session.preview(cell, labels, row);
  switch (preview.type) {
    case "call":
      break;
    case "error":
      throw new SheafError(preview.error.code, preview.error.message, preview.error);
    case "waits":
    case "skipped":
      throw new SheafError("conversation.none", `\`${cell}\` sends nothing there`, {
        cure:
          preview.type === "waits"
            ? `Run ${preview.because.join(", ")} first.`
            : "Its `when` is false for these inputs.",
      });
  }
  if (preview.completion)
    throw new SheafError("conversation.completion", `\`${cell}\` continues a text, and there is nobody to talk to`, {
      cure: "Remove `completion: true`, and use a model that answers messages.",
    });
  const said = turns.flatMap((turn) => [
    { role: "assistant", content: turn.answer } as const,
    { role: "user", content: turn.said } as const,
  ]);
  const { model, parameters, fallbacks } = preview;
  return {
    model,
    parameters,
    ...(fallbacks === undefined ? {} : { fallbacks }),
    ...stayingImages(preview),
    messages: [...preview.messages.map(({ role, content }) => ({ role, content })), ...said],
    repeat: Number(at["repeat"] ?? 1) - 1,
  };
}

/** Answers the last turn of a conversation as it streams. The call is journaled as a further step of its address; equal ones come from there. */
export async function* continueConversation(
  conversation: Conversation,
  session: Session,
  { caller }: Pick<Runtime, "caller">,
  signal: AbortSignal,
): AsyncGenerator<ConversationEvent> {
  yield* newestNews((tell: (event: ConversationEvent) => void) =>
    answer(tell).then(answered, (thrown: unknown): ConversationEvent => ({
      type: "failed",
      error: toCellError(thrown),
    })),
  );

  async function answer(tell: (event: ConversationEvent) => void): Promise<ChatAnswer> {
    if (!session.trusted)
      throw new SheafError("notebook.untrusted", "this notebook came from outside and sends nothing yet", {
        cure: "Look through it, and trust it on its page.",
      });
    const call = await conversationCall(conversation, session);
    const { cell, at, turns } = conversation;
    const onText = (text: string): void => tell({ type: "text", text });
    const place = { address: { cell, at }, step: turns.length };
    const context = { notebook: session.state.path, run: "", ...keptFor({ cell }, session.state) };
    return caller.chat({ ...call, ...place, signal, onText }, context);
  }
}

/** What an answer is here: a refusal is as little an answer as it is in a cell. */
function answered(answer: ChatAnswer): ConversationEvent {
  const { text, call } = answer;
  try {
    parseAnswer(answer, undefined);
  } catch (thrown) {
    return { type: "failed", error: toCellError(thrown), call };
  }
  return { type: "answer", text, call };
}
