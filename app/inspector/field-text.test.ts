import { describe, expect, test } from "vitest";
import type { Field } from "#server/notebook/cell-kind.ts";
import type { Datum } from "#server/notebook/value.ts";
import { fieldText, fieldValue } from "./field-text.ts";

describe("a setting is shown and read back as it was", () => {
  const cases: readonly (readonly [Field["control"], Datum, string])[] = [
    ["text", "local/smollm2", "local/smollm2"],
    ["model", { model: "local/all-minilm-l6-v2", of: 30 }, "{ model: local/all-minilm-l6-v2, of: 30 }"],
    ["number", 0.5, "0.5"],
    ["number", "=row.k", "=row.k"],
    ["list", ["small", "large"], "small\nlarge"],
    ["list", ["\n", "end"], '"\\n"\nend'],
    ["list", [0, 5], "0\n5"],
    ["list", ["5", "true"], '"5"\n"true"'],
    ["list", [{ model: "a/b", temperature: 0 }], "{ model: a/b, temperature: 0 }"],
    ["list", "=names", "=names"],
    ["mapping", { shots: [0, 5] }, "shots: [0, 5]"],
    ["schema", { enum: ["yes", "no"] }, "enum: [yes, no]"],
    ["schema", "number", "number"],
    ["mapping", { prompt: [{ a: 1 }], "odd key": "two\nlines" }, "prompt:\n  - a: 1\nodd key: |-\n  two\n  lines"],
    ["expression", "=message", "=message"],
    ["cells", ["topic"], "topic"],
    ["cell", "tickets", "tickets"],
    ["cell", ["red", "green"], "[red, green]"],
    ["cell", [{ name: "Ada" }], "- name: Ada"],
  ];
  test.each(cases)("%s %j", (control, value, text) => {
    expect(fieldText(control, value)).toBe(text);
    expect(fieldValue(control, text)).toEqual(value);
  });
});

test("an empty field takes the setting away", () => {
  expect(fieldText("number", undefined)).toBe("");
  expect(fieldValue("number", " ")).toBeUndefined();
});

test("what is no number or no YAML is refused with what is wrong", () => {
  expect(() => fieldValue("number", "many")).toThrow("write a number");
  expect(() => fieldValue("mapping", "a: [1")).toThrow(/\w/);
});
