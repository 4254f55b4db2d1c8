import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isUnsaved, newDraft, nextDraft, wantsSending, type Draft, type DraftEvent } from "./draft.ts";

const typed = (text: string): DraftEvent => ({ type: "typed", text });
const sent: DraftEvent = { type: "sent" };
const accepted = (revision: number): DraftEvent => ({ type: "accepted", revision });
const told = (source: string, revision: number, saved = false): DraftEvent => ({
  type: "told",
  source,
  revision,
  saved,
});
const unanswered: DraftEvent = { type: "unanswered" };
const refused: DraftEvent = { type: "refused" };

function after(...events: readonly DraftEvent[]): Draft {
  return events.reduce(nextDraft, newDraft("a", 1));
}

describe("a draft that is typed in", () => {
  test("is to be sent until the server has it", () => {
    expect(wantsSending(after())).toBe(false);
    expect(wantsSending(after(typed("ab")))).toBe(true);
    expect(wantsSending(after(typed("ab"), sent))).toBe(false);
    expect(isUnsaved(after(typed("ab"), sent))).toBe(true);
    expect(isUnsaved(after(typed("ab"), sent, accepted(2)))).toBe(false);
  });

  test("is to be sent again where more was typed meanwhile", () => {
    const draft = after(typed("ab"), sent, typed("abc"), accepted(2));
    expect(wantsSending(draft)).toBe(true);
    expect(draft.base).toBe("ab");
  });

  test("knows its own text when the server tells it, before the answer or after it", () => {
    expect(after(typed("ab"), sent, typed("abc"), told("ab", 2), accepted(2))).toMatchObject({
      text: "abc",
      base: "ab",
      theirs: null,
    });
    expect(after(typed("ab"), sent, accepted(2), typed("abc"), told("ab", 2))).toMatchObject({
      text: "abc",
      theirs: null,
    });
  });

  test("passes over a text that was told late", () => {
    const draft = after(typed("ab"), sent, accepted(2), typed("abc"), sent, accepted(3), told("ab", 2));
    expect(draft).toMatchObject({ text: "abc", base: "abc", theirs: null });
  });

  test("stands where the server says no for another reason, until it is typed in again", () => {
    const problem = { code: "operation.range", message: "no" };
    const draft = after(typed("ab"), sent, { type: "rejected", problem });
    expect(draft).toMatchObject({ text: "ab", problem });
    expect(wantsSending(draft)).toBe(false);
    expect(wantsSending(nextDraft(draft, typed("abc")))).toBe(true);
  });
});

test("a text that the server has is not one that it does not take, whichever is told first", () => {
  const rejected: DraftEvent = { type: "rejected", problem: { code: "tables.died", message: "no tables" } };
  for (const news of [
    [rejected, told("ab", 2)],
    [told("ab", 2), rejected],
  ]) {
    const draft = after(typed("ab"), sent, ...news);
    expect(draft).toMatchObject({ text: "ab", base: "ab", problem: null });
    expect(isUnsaved(draft)).toBe(false);
  }
  expect(wantsSending(after(typed("ab"), sent, typed("abc"), told("ab", 2), rejected))).toBe(true);
});

describe("a text from elsewhere", () => {
  test("is taken where nothing was typed here", () => {
    expect(after(told("b", 2))).toMatchObject({ text: "b", base: "b", theirs: null });
  });

  test("does not touch what is being typed: both are there until somebody chooses", () => {
    const draft = after(typed("ab"), told("b", 2));
    expect(draft).toMatchObject({ text: "ab", theirs: "b" });
    expect(wantsSending(nextDraft(draft, typed("abc")))).toBe(false);
    expect(nextDraft(draft, { type: "take-theirs" })).toMatchObject({ text: "b", base: "b", theirs: null });
    const mine = nextDraft(draft, { type: "keep-mine" });
    expect(mine).toMatchObject({ text: "ab", base: "b", theirs: null });
    expect(wantsSending(mine)).toBe(true);
  });

  test("is waited for where the server refused the base before it was told", () => {
    const draft = after(typed("ab"), sent, refused);
    expect(wantsSending(draft)).toBe(false);
    expect(nextDraft(draft, told("b", 2))).toMatchObject({ text: "ab", theirs: "b" });
  });

  test("is not waited for where what the server refused went out from what is told by now", () => {
    // The same text stood at another place, or somebody chose before the answer.
    const meanwhile = [[told("a", 2)], [told("b", 2), { type: "keep-mine" } as const]];
    for (const news of meanwhile) {
      const draft = after(typed("ab"), sent, ...news, refused);
      expect(draft).toMatchObject({ text: "ab", sending: null, theirs: null });
      expect(wantsSending(draft)).toBe(true);
    }
    const before = after(typed("ab"), sent, refused);
    expect(wantsSending(nextDraft(before, told("a", 2)))).toBe(true);
    expect(wantsSending(nextDraft(nextDraft(before, told("b", 2)), { type: "keep-mine" }))).toBe(true);
    // The file has what was told before the refusal: nothing is new.
    expect(wantsSending(nextDraft(before, told("a", 1, true)))).toBe(false);
  });

  test("that goes out from the text that was sent is taken when that is answered", () => {
    expect(after(typed("ab"), sent, told("abc", 3), accepted(2))).toMatchObject({ text: "abc", theirs: null });
    expect(after(typed("ab"), sent, typed("ab!"), told("abc", 3), accepted(2))).toMatchObject({
      text: "ab!",
      theirs: "abc",
    });
  });

  test("is no conflict where it is the same", () => {
    expect(after(typed("b"), told("b", 2))).toMatchObject({ text: "b", base: "b", theirs: null });
    expect(after(typed("ab"), told("b", 2), typed("b"), told("b", 3))).toMatchObject({ theirs: null });
    expect(after(typed("ab"), told("b", 2), told("a", 3))).toMatchObject({ text: "ab", base: "a", theirs: null });
  });

  test("takes an undone edit back, which has a text of our own", () => {
    const draft = after(typed("ab"), sent, accepted(2), told("ab", 2, true), told("a", 3));
    expect(draft).toMatchObject({ text: "a", base: "a", theirs: null });
  });
});

describe("while the server cannot be reached", () => {
  test("typing goes on, and is to be sent", () => {
    const draft = after(typed("ab"), sent, unanswered, typed("abc"));
    expect(draft.text).toBe("abc");
    expect(wantsSending(draft)).toBe(true);
  });

  test("it does not matter whether the last text arrived", () => {
    const draft = after(typed("ab"), sent, unanswered, typed("abc"));
    for (const source of ["a", "ab"]) {
      const back = nextDraft(draft, told(source, 9, true));
      expect(back).toMatchObject({ text: "abc", base: source, theirs: null });
      expect(wantsSending(back)).toBe(true);
    }
  });

  test("a text that was answered and then lost is sent again", () => {
    const lost = after(typed("ab"), sent, accepted(2), { type: "disconnected" }, told("a", 9, true));
    expect(lost).toMatchObject({ text: "ab", base: "a", theirs: null });
    expect(wantsSending(lost)).toBe(true);
  });

  test("a text of somebody else's does not replace one that may have been lost", () => {
    expect(after(typed("ab"), sent, accepted(2), { type: "disconnected" }, told("x", 9, true))).toMatchObject({
      text: "ab",
      theirs: "x",
    });
  });

  test("a text that the file has is not thought lost", () => {
    const kept = after(typed("ab"), sent, accepted(2), told("ab", 2, true), { type: "disconnected" }, told("a", 9));
    expect(kept).toMatchObject({ text: "a", theirs: null });
  });
});

test("no order of events loses what was typed last, unless theirs was taken", () => {
  const text = fc.constantFrom("a", "b", "c", "d");
  const events: fc.Arbitrary<DraftEvent> = fc.oneof(
    text.map(typed),
    fc.constantFrom<DraftEvent>(sent, refused, unanswered, { type: "disconnected" }, { type: "keep-mine" }),
    fc.nat(9).map(accepted),
    fc.record({ type: fc.constant("told" as const), source: text, revision: fc.nat(9), saved: fc.boolean() }),
  );
  fc.assert(
    fc.property(fc.array(events, { maxLength: 30 }), (all) => {
      let draft = newDraft("a", 1);
      for (const event of all) {
        if (event.type === "sent" && !wantsSending(draft)) continue;
        const before = draft;
        draft = nextDraft(draft, event);
        if (event.type !== "typed" && draft.text !== before.text)
          expect(isUnsaved(before) && before.sending === null).toBe(false);
        if (event.type === "typed") expect(draft.text).toBe(event.text);
      }
    }),
  );
});
