import { expect, test } from "vitest";
import { currentNotes, type CurrentNotes, type Note } from "#server/notebook/notes.ts";
import type { NoteRequest } from "#server/runner/note-result.ts";
import { takeBackNotes } from "./take-back-notes.ts";

const text = (value: string) => ({ type: "string", value }) as const;
const address = "topic";
let minute = 0;
const noted = (request: NoteRequest): Note =>
  ({ ...request, time: new Date(Date.UTC(2026, 0, 1, 0, (minute += 1))).toISOString() }) as Note;
const after = (...requests: readonly NoteRequest[]): ReadonlyMap<string, CurrentNotes> =>
  currentNotes(requests.map(noted));

test.each<[string, readonly NoteRequest[], NoteRequest]>([
  ["an edit", [], { address, type: "edited", value: text("a") }],
  [
    "an edit of an edit",
    [{ address, type: "edited", value: text("a") }],
    { address, type: "edited", value: text("b") },
  ],
  ["a restored value", [{ address, type: "edited", value: text("a") }], { address, type: "restored" }],
  ["a lock", [], { address, type: "locked", value: text("a") }],
  ["a lock taken away", [{ address, type: "locked", value: text("a") }], { address, type: "unlocked" }],
  ["a label", [], { address, type: "label", value: "agree" }],
  ["another label", [{ address, type: "label", value: "agree" }], { address, type: "label", value: null }],
  ["a score", [], { address, type: "score", name: "tone", score: 1, reason: "kind" }],
  [
    "another score",
    [{ address, type: "score", name: "tone", score: 1, reason: "kind" }],
    { address, type: "score", name: "tone", score: null },
  ],
  ["a choice", [{ address, type: "chosen", answer: "k@1" }], { address, type: "chosen", answer: "k@2" }],
])("%s is taken back", (_, before, request) => {
  const back = takeBackNotes([request], after(...before));
  const nothing: CurrentNotes = { scores: {}, comments: [] };
  expect(after(...before, request, ...back).get(address)).toEqual(after(...before).get(address) ?? nothing);
});

test("of several words on one matter what was before the first comes back", () => {
  const words = ["a", "b"].map((value) => ({ address, type: "label", value }) as const);
  expect(takeBackNotes(words, after({ address, type: "label", value: "first" }))).toEqual([
    { address, type: "label", value: "first" },
  ]);
});

test("a comment was said, and stays", () => {
  expect(takeBackNotes([{ address, type: "comment", text: "Hm" }], new Map())).toEqual([]);
});
