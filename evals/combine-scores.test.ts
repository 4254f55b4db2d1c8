import { describe, expect, test } from "vitest";
import type { Score } from "#server/notebook/value.ts";
import { parseCheck, runCheck } from "./check.ts";
import { combineScores } from "./combine-scores.ts";

const verdict = (score: number | null, reason = "because"): Score => ({
  score,
  pass: score === null ? null : score >= 1,
  reason,
});
const weighted = (name: string, score: number | null, weight = 1) => ({ name, weight, score: verdict(score) });

describe("several checks", () => {
  test("are one score: the mean by weight, passed where all pass", () => {
    const { score, pass, checks } = combineScores([weighted("equals", 1, 3), weighted("contains", 0)]);
    expect([score, pass]).toEqual([0.75, false]);
    expect(Object.keys(checks!)).toEqual(["equals", "contains"]);
    expect(combineScores([weighted("a", 1), weighted("b", 1)])).toMatchObject({
      score: 1,
      pass: true,
      reason: "all 2 checks pass",
    });
  });

  test("with a threshold pass where the mean reaches it", () => {
    expect(combineScores([weighted("a", 1, 3), weighted("b", 0)], 0.7)).toMatchObject({ pass: true });
    expect(combineScores([weighted("a", 1, 3), weighted("b", 0)], 0.8)).toMatchObject({
      pass: false,
      reason: "0.750 of 0.8 wanted; b: because",
    });
    expect(combineScores([weighted("a", 1)], 0.5)).toMatchObject({ score: 1, pass: true });
  });

  test("pass at a threshold that only rounding keeps the mean from", () => {
    const three = ["a", "b", "c"].map((name) => weighted(name, 0.7));
    expect(combineScores(three, 0.7)).toMatchObject({ pass: true });
    expect(combineScores(three, 0.700001)).toMatchObject({ pass: false });
    const unequal = [weighted("a", 1, 0.1), weighted("b", 0, 0.2), weighted("c", 1, 0.7)];
    expect(combineScores(unequal, 0.8)).toMatchObject({ pass: true });
  });

  test("cannot be scored where one that counts cannot", () => {
    expect(combineScores([weighted("a", 1), weighted("b", null)])).toMatchObject({
      score: null,
      pass: null,
      reason: "b: because",
    });
    expect(combineScores([weighted("a", 1), weighted("b", null, 0)])).toMatchObject({ score: 1, pass: true });
    expect(combineScores([weighted("a", 1, 0)], 0.5)).toMatchObject({ score: null, reason: "no check counts" });
  });

  test("of one name are told apart", () => {
    expect(Object.keys(combineScores([weighted("a", 1), weighted("a", 1), weighted("a", 1)]).checks!)).toEqual([
      "a",
      "a 2",
      "a 3",
    ]);
  });

  test("that is only one is its own verdict", () => {
    expect(combineScores([weighted("a", 0)])).toEqual(verdict(0));
  });
});

describe("a check", () => {
  test("is a name, or a name with its options and how it counts", async () => {
    expect(parseCheck("equals")).toMatchObject({ name: "equals", weight: 1, negated: false });
    const check = parseCheck({ "not-contains": "sorry", name: "polite", weight: 2, threshold: 1 });
    expect(check).toMatchObject({ name: "polite", weight: 2, threshold: 1, negated: true, options: "sorry" });
    expect(await runCheck(check, { output: "so sorry" })).toMatchObject({ score: 0, pass: false });
    expect(await runCheck(check, { output: "fine" })).toMatchObject({ score: 1, pass: true });
  });

  test.each([
    ["resembles", "no scorer resembles"],
    [{ equals: 1, contains: 2 }, "one scorer, not 2"],
    [{ weight: 2 }, "one scorer, not 0"],
    [7, "not 7"],
    [["equals"], "a scorer's name"],
    [{ equals: 1, weight: -1 }, "its weight"],
    [{ equals: 1, weight: Infinity }, "its weight"],
    [{ equals: 1, weight: NaN }, "its weight"],
    [{ equals: 1, threshold: 2 }, "its threshold"],
    [{ equals: 1, name: 3 }, "its name"],
  ])("that is none says so: %j", (item, message) => {
    expect(() => parseCheck(item)).toThrow(message);
  });
});
