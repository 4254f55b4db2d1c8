import { describe, expect, test } from "vitest";
import { howText, intervalText, placeText, scoreName, signed, verdictWord } from "./baseline-words";

type Worse = Parameters<typeof placeText>[0] & Parameters<typeof howText>[0];

const worse = (more: Partial<Worse> = {}): Worse => ({
  labels: {},
  row: null,
  text: null,
  then: { address: "", outcome: "ok", score: 1, pass: true },
  now: { address: "", outcome: "ok", score: 0, pass: false },
  ...more,
});

describe("a result that is worse", () => {
  test("is said with its labels, its row and what became of it", () => {
    expect([placeText(worse()), howText(worse())]).toEqual(["", "passed, fails now"]);
    expect(placeText(worse({ labels: { model: "small" }, row: "17", text: "My card" }))).toBe(
      "model small, row 17 “My card”",
    );
  });

  test("is found by the beginning of its row's text where the row is known by a hash", () => {
    const row = "0123456789abcdef0123456789abcdef";
    expect(placeText(worse({ row, text: "a".repeat(100) }))).toBe(`row “${"a".repeat(59)}…”`);
    expect(placeText(worse({ row }))).toBe("row 01234567");
  });

  test.each<readonly [string, Partial<NonNullable<Worse["now"]>>]>([
    ["an error now", { outcome: "error" }],
    ["blocked now", { outcome: "blocked" }],
    ["1.000 then, 0.500 now", { score: 0.5, pass: true }],
  ])("became %s", (text, now) => {
    expect(howText(worse({ now: { address: "a", outcome: "ok", ...now } }))).toBe(text);
  });
});

test("a score has its labels, and its interval where there is one", () => {
  expect(scoreName({ cell: "s.c", at: { model: "small", shots: "5" } })).toBe("s.c, model small, shots 5");
  expect(intervalText({ interval: { low: -0.25, high: 0.1 } })).toBe("−0.250 to +0.100");
  expect(intervalText({ interval: null })).toBe("");
  expect(signed(0)).toBe("0.000");
});

test("a comparison is a word with its tone", () => {
  expect((["pass", "fail", "open"] as const).map((verdict) => verdictWord(verdict).tone)).toEqual([
    "good",
    "bad",
    "wait",
  ]);
});
