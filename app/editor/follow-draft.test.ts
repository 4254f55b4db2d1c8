import { history, undo } from "@codemirror/commands";
import { EditorState } from "@codemirror/state";
import { describe, expect, test } from "vitest";
import { newDraft, nextDraft, type DraftEvent } from "./draft";
import { followDraft } from "./follow-draft";

/** An editor of a text with its draft. */
function editor(text: string) {
  let state = EditorState.create({ doc: text, extensions: [history()] });
  let draft = newDraft(text, 1);
  const words = (): string => state.doc.toString();
  const events = (...all: readonly DraftEvent[]): void => {
    const before = draft;
    draft = all.reduce(nextDraft, draft);
    const change = followDraft(state, before, draft);
    if (change !== null) state = state.update(change).state;
  };
  const typed = (): void => events({ type: "typed", text: words() });
  return {
    words,
    events,
    type(insert: string) {
      state = state.update({ changes: { from: state.doc.length, insert }, userEvent: "input.type" }).state;
      typed();
    },
    undo() {
      undo({ state, dispatch: (transaction) => (state = transaction.state) });
      typed();
    },
    save(revision: number) {
      events({ type: "sent" }, { type: "accepted", revision }, told(words(), revision));
    },
  };
}

const told = (source: string, revision: number): DraftEvent => ({ type: "told", source, revision, saved: true });

describe("what comes into an editor that was typed in", () => {
  test("from others stays when one takes back what one typed", () => {
    const { type, save, events, undo, words } = editor("A");
    type(" mine");
    save(2);
    events(told("A mine\nBerta's line", 3));
    expect(words()).toBe("A mine\nBerta's line");
    undo();
    expect(words()).toBe("A\nBerta's line");
  });

  test("from others in answer to what was sent stays, too", () => {
    const { type, events, undo, words } = editor("A");
    type(" mine");
    events({ type: "sent" });
    events(told("A mine\nBerta's line", 3));
    events({ type: "accepted", revision: 2 });
    expect(words()).toBe("A mine\nBerta's line");
    undo();
    expect(words()).toBe("A\nBerta's line");
  });

  test("because one took it over one's own can be taken back", () => {
    const { type, events, undo, words } = editor("A");
    type(" mine");
    events(told("Berta's", 2));
    events({ type: "take-theirs" });
    expect(words()).toBe("Berta's");
    undo();
    expect(words()).toBe("A mine");
  });
});
