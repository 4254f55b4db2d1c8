import { isolateHistory } from "@codemirror/commands";
import { Transaction, type EditorState, type TransactionSpec } from "@codemirror/state";
import type { Draft } from "./draft";
import { textChange } from "./text-change";

/**
 * What makes an editor's text that of its draft, which became another; null where it is that. The editor takes back only what is done
 * here: what was typed, and that one took others' text over it.
 */
export function followDraft(
  { doc }: EditorState,
  before: Pick<Draft, "theirs" | "sending"> | undefined,
  after: Pick<Draft, "text" | "sending">,
): TransactionSpec | null {
  const text = doc.toString();
  if (text === after.text) return null;
  // An answer brings theirs, too, where what was sent is in it.
  const isTaken = before?.theirs === after.text && before.sending === after.sending;
  return {
    changes: textChange(text, after.text),
    annotations: [Transaction.addToHistory.of(isTaken), isolateHistory.of("full")],
  };
}
