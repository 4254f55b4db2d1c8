import { expect, test } from "vitest";
import type { Value } from "#server/notebook/value.ts";
import { reduceValues } from "./reduce.ts";

const text = (value: string): Value => ({ type: "string", value });
const number = (value: number): Value => ({ type: "number", value });
const passing = (pass: boolean): Value => ({ type: "score", value: { score: Number(pass), pass, reason: "" } });

test("majority is the most frequent value, and of equals the first", () => {
  expect(reduceValues("majority", [text("a"), text("b"), text("b")])).toEqual(text("b"));
  expect(reduceValues("majority", [text("b"), text("a")])).toEqual(text("b"));
  expect(reduceValues("majority", [])).toEqual({ type: "null" });
});

test("majority compares values and not their spelling: the order of members does not matter", () => {
  const json = (value: { readonly [key: string]: number }): Value => ({ type: "json", value });
  expect(reduceValues("majority", [json({ a: 1 }), json({ a: 2, b: 1 }), json({ b: 1, a: 2 })])).toEqual(
    json({ a: 2, b: 1 }),
  );
});

test("majority of scores is the most frequent verdict, whatever reasons were given for it", () => {
  const score = (pass: boolean, reason: string): Value => ({
    type: "score",
    value: { score: Number(pass), pass, reason },
  });
  const votes = [score(true, "is yes"), score(false, "is a"), score(false, "is c")];
  expect(reduceValues("majority", votes)).toEqual(score(false, "is a"));
});

test("mean is of numbers, scores and truth values, and leaves the rest out", () => {
  expect(reduceValues("mean", [number(1), number(4)])).toEqual(number(2.5));
  expect(reduceValues("mean", [passing(true), passing(false), passing(false), passing(false)])).toEqual(number(0.25));
  expect(reduceValues("mean", [{ type: "boolean", value: true }, text("x")])).toEqual(number(1));
  expect(reduceValues("mean", [text("x")])).toEqual({ type: "null" });
});

test("pass@k is the chance that one of k drawn passes", () => {
  const two = [passing(true), passing(false), passing(false), passing(true)];
  expect(reduceValues("pass@1", two)).toEqual(number(0.5));
  // 1 - C(2, 2) / C(4, 2) = 1 - 1 / 6
  expect((reduceValues("pass@2", two) as { value: number }).value).toBeCloseTo(5 / 6, 12);
  expect(reduceValues("pass@3", two)).toEqual(number(1));
  expect(reduceValues("pass@5", two)).toEqual({ type: "null" });
});

test("pass@k leaves out what is neither passed nor failed", () => {
  const truth: Value = { type: "boolean", value: true };
  const unscored: Value = { type: "score", value: { score: null, pass: null, reason: "" } };
  expect(reduceValues("pass@1", [truth, truth, { type: "null" }, unscored])).toEqual(number(1));
  expect(reduceValues("pass@1", [text("a"), text("b"), text("c"), text("d")])).toEqual({ type: "null" });
});

test("another word says which there are", () => {
  expect(() => reduceValues("median", [])).toThrow(
    expect.objectContaining({ code: "reduce.unknown", message: "`reduce: median` is not known" }),
  );
});
