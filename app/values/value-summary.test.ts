import { describe, expect, test } from "vitest";
import type { Value } from "#server/notebook/value.ts";
import { datumText, valueSummary, valueText } from "./value-summary.ts";

const table = { columns: [], rowCount: 1004, hash: "h" };
const stored = { hash: "h", name: "scan.png", mediaType: "image/png", bytes: 12 };

describe("a value in one line", () => {
  const cases: readonly (readonly [Value, string])[] = [
    [{ type: "null" }, "null"],
    [{ type: "string", value: "two\n lines" }, "two lines"],
    [{ type: "number", value: 0.1 + 0.2 }, "0.3"],
    [{ type: "number", value: 1234567.891 }, "1234567.89"],
    [{ type: "number", value: -250000.75 }, "-250000.75"],
    [{ type: "number", value: 12345678n }, "12345678"],
    [{ type: "boolean", value: false }, "false"],
    [{ type: "json", value: { a: [1, 2] } }, '{"a":[1,2]}'],
    [{ type: "table", value: table }, "1,004 rows"],
    [{ type: "messages", value: [{ role: "user", content: "Hello" }] }, "1 message"],
    [{ type: "file", value: stored }, "scan.png"],
    [{ type: "image", value: stored }, "scan.png"],
    [{ type: "chart", value: { kind: "bar", table, x: "shots", y: ["accuracy"] } }, "bar of accuracy"],
    [{ type: "score", value: { score: 0.25, pass: false, reason: "it differs" } }, "0.25, fails"],
    [
      { type: "score", value: { score: null, pass: null, reason: "nothing is expected" } },
      "unscored: nothing is expected",
    ],
    [
      {
        type: "test",
        value: {
          verdict: "fail",
          lines: [
            { source: "a", verdict: "pass", sides: [] },
            { source: "b", verdict: "fail", sides: [] },
          ],
        },
      },
      "fails: 1 of 2 hold",
    ],
    [{ type: "error", value: { code: "x.y", message: "it broke" } }, "it broke"],
  ];
  test.each(cases.map(([value, summary]) => [value.type, value, summary] as const))("%s", (_type, value, summary) => {
    expect(valueSummary(value)).toBe(summary);
  });
});

test("what is copied of JSON is indented, and of messages has their roles", () => {
  expect(valueText({ type: "json", value: { a: 1 } })).toBe('{\n  "a": 1\n}');
  const messages: Value = {
    type: "messages",
    value: [
      { role: "system", content: "Be brief." },
      { role: "user", content: "Hello" },
    ],
  };
  expect(valueText(messages)).toBe("system:\nBe brief.\n\nuser:\nHello");
});

test("a table's cell is text: nothing for null, JSON for lists", () => {
  expect([datumText(null), datumText([1, "a"]), datumText(0.1 + 0.2), datumText("x")]).toEqual([
    "",
    '[1,"a"]',
    "0.3",
    "x",
  ]);
});
