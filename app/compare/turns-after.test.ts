import { expect, test } from "vitest";
import type { Talk } from "./conversations";
import { turnsAfter } from "./turns-after";

const talk = (change: Partial<Talk>): Talk => ({
  turns: [{ answer: "Late.", said: "Shorter" }],
  text: "L.",
  call: null,
  problem: null,
  isOpen: false,
  isStopped: false,
  ...change,
});

test("a conversation begins with an answer, and goes on from the last", () => {
  expect(turnsAfter("Shorter", "Late.", undefined)).toEqual([{ answer: "Late.", said: "Shorter" }]);
  expect(turnsAfter("In French", "Late.", talk({}))).toEqual([
    { answer: "Late.", said: "Shorter" },
    { answer: "L.", said: "In French" },
  ]);
});

test("an answer that is another now begins anew", () => {
  expect(turnsAfter("In French", "Lost.", talk({}))).toEqual([{ answer: "Lost.", said: "In French" }]);
});

test.each<[string, Partial<Talk>]>([
  ["failed", { problem: { code: "model.failed", message: "no" } }],
  ["was stopped half-way", { isStopped: true }],
  ["was stopped before anything came", { isStopped: true, text: "" }],
])("what %s is asked once more with the new words, and is no answer", (_, change) => {
  expect(turnsAfter("In French", "Late.", talk(change))).toEqual([{ answer: "Late.", said: "In French" }]);
});
