import { describe, expect, test } from "vitest";
import type { Datum, Value } from "#server/notebook/value.ts";
import { clearedValue, enterValue } from "./enter-value.ts";

const label = (entry: Datum) => ({ cell: "review", kind: "label", entry, field: null, threshold: null });
const prompt = { cell: "topic", kind: "prompt", entry: null, field: null, threshold: null };

describe("what is entered in a label column has its type", () => {
  test.each<[Datum, string, Datum]>([
    ["string", "agree", "agree"],
    ["number", " 12.5 ", 12.5],
    ["boolean", "yes", true],
    ["boolean", "FALSE", false],
    ["json", '{"a":1}', { a: 1 }],
    [["Agree", "unclear"], "agree", "Agree"],
    ["string", "  ", null],
    ["number", "", null],
  ])("%j: %j", (entry, text, value) => {
    expect(enterValue(label(entry), null, text)).toEqual({ type: "note", note: { type: "label", value } });
  });

  test.each<[Datum, string, string]>([
    ["number", "many", "Enter a number."],
    ["boolean", "maybe", "Enter a boolean."],
    ["number", "9007199254740993", "Whole numbers are exact up to 9007199254740991: keep a longer one as text."],
    [
      "json",
      '{"id":12345678901234567890}',
      "Whole numbers are exact up to 9007199254740991: keep a longer one as text.",
    ],
    ["json", "{", "Enter JSON."],
    [["agree", "unclear"], "other", "Enter one of agree, unclear."],
  ])("or is refused with what can be: %j, %j", (entry, text, cure) => {
    expect(enterValue(label(entry), null, text)).toMatchObject({ type: "refused", cure });
  });
});

describe("what takes the place of a computed value is of its type", () => {
  test.each<[Value | null, string, Value]>([
    [null, "12", { type: "string", value: "12" }],
    [{ type: "string", value: "a" }, " 12 ", { type: "string", value: " 12 " }],
    [{ type: "number", value: 1 }, "12", { type: "number", value: 12 }],
    [{ type: "boolean", value: true }, "no", { type: "boolean", value: false }],
    [{ type: "json", value: [] }, "[1]", { type: "json", value: [1] }],
  ])("%j, %j", (before, text, value) => {
    expect(enterValue(prompt, before, text)).toEqual({ type: "note", note: { type: "edited", value } });
  });

  test("a score is a number from 0 to 1, or yes or no", () => {
    const score: Value = { type: "score", value: { score: 0, pass: false, reason: "" } };
    const entered = (text: string) => enterValue({ ...prompt, kind: "score" }, score, text);
    expect(entered("yes")).toMatchObject({ note: { value: { value: { score: 1, pass: true } } } });
    expect(entered("0.5")).toMatchObject({ note: { value: { value: { score: 0.5, pass: false } } } });
    expect(entered("2")).toMatchObject({ type: "refused" });
  });

  test("a score is one also where none was computed, and passes from its cell's threshold", () => {
    const column = { ...prompt, kind: "score", threshold: 0.8 };
    const stopped: Value = { type: "error", value: { code: "score.no-checks", message: "the score has no checks" } };
    for (const before of [null, stopped]) {
      const entered = (text: string) => enterValue(column, before, text);
      expect(entered("yes")).toMatchObject({ note: { value: { type: "score", value: { score: 1, pass: true } } } });
      expect(entered("0.8")).toMatchObject({ note: { value: { type: "score", value: { score: 0.8, pass: true } } } });
      expect(entered("0.7")).toMatchObject({ note: { value: { type: "score", value: { score: 0.7, pass: false } } } });
      expect(entered("good")).toEqual({
        type: "refused",
        message: '"good" is no score for topic',
        cure: "Enter a number from 0 to 1, or yes or no.",
      });
    }
  });

  test("a whole number that would be rounded is refused", () => {
    const entered = (before: Value, text: string) => enterValue(prompt, before, text);
    expect(entered({ type: "number", value: 1 }, "9007199254740993")).toMatchObject({ type: "refused" });
    expect(entered({ type: "number", value: 1 }, "-9007199254740991")).toMatchObject({ type: "note" });
    expect(entered({ type: "json", value: [] }, "[12345678901234567890]")).toMatchObject({ type: "refused" });
    expect(entered({ type: "string", value: "" }, "12345678901234567890")).toMatchObject({ type: "note" });
  });

  test("of an object one field is another, and the rest stays", () => {
    const before: Value = { type: "json", value: { vendor: "Acme", total: 12 } };
    const entered = (field: string, text: string) => enterValue({ ...prompt, field }, before, text);
    expect(entered("total", "13")).toEqual({
      type: "note",
      note: { type: "edited", value: { type: "json", value: { vendor: "Acme", total: 13 } } },
    });
    expect(entered("vendor", "13")).toMatchObject({ note: { value: { value: { vendor: "13" } } } });
    expect(entered("total", "many")).toMatchObject({ type: "refused" });
    expect(enterValue({ ...prompt, field: "total" }, null, "1")).toMatchObject({ type: "refused" });
  });

  test("a table cannot be typed", () => {
    const table: Value = { type: "table", value: { columns: [], rowCount: 0, hash: "" } };
    expect(enterValue(prompt, table, "a")).toMatchObject({ type: "refused" });
  });
});

test("Delete takes away what a person put there", () => {
  expect(clearedValue({ kind: "label" })).toEqual({ type: "label", value: null });
  expect(clearedValue({ kind: "prompt" })).toEqual({ type: "restored" });
});
