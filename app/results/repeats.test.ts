import { expect, test } from "vitest";
import { groupRepeats, tally, tallyValues } from "./repeats.ts";

test("repeats of one variant are one group", () => {
  const variants = ["a", "b"].flatMap((model) =>
    ["1", "2"].map((repeat) => ({ address: `${model}${repeat}`, at: { model, repeat } })),
  );
  expect(groupRepeats(variants)).toEqual([
    { at: { model: "a" }, addresses: ["a1", "a2"] },
    { at: { model: "b" }, addresses: ["b1", "b2"] },
  ]);
});

test("answers are counted, the most frequent first", () => {
  expect(tally(["x", "y", "y", "a"])).toEqual([
    { answer: "y", count: 2 },
    { answer: "a", count: 1 },
    { answer: "x", count: 1 },
  ]);
});

test("answers that begin alike are counted as the different ones they are", () => {
  const [one, other] = ["a", "b"].map(
    (end) => ({ type: "string", value: `${"The same words ".repeat(5)}${end}` }) as const,
  );
  expect(tallyValues([one!, other!, one!]).map(({ count }) => count)).toEqual([2, 1]);
});
