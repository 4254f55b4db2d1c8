import { expect, test } from "vitest";
import { isNarrower } from "./is-narrower.ts";

const text = { type: "string" };
const labels = (...names: readonly string[]) => ({ type: "string", enum: names });
const object = (properties: object, required: readonly string[] = Object.keys(properties)) =>
  ({ type: "object", properties, required }) as never;

test.each([
  ["a label is a text", labels("x"), text, true],
  ["a text may be no label", text, labels("x"), false],
  ["fewer labels", labels("x"), labels("x", "y"), true],
  ["more labels", labels("x", "y"), labels("x"), false],
  ["anything is any JSON", object({ a: text }), {}, true],
  ["any JSON may be no text", {}, text, false],
  ["a whole number is a number", { type: "integer" }, { type: "number" }, true],
  ["a number may be no whole one", { type: "number" }, { type: "integer" }, false],
  ["a text is a text or null", text, { anyOf: [text, { type: "null" }] }, true],
  ["a text or null may be no text", { type: ["string", "null"] }, text, false],
  ["several types, however they are written", { type: ["null", "string"] }, { anyOf: [text, { type: "null" }] }, true],
  ["more fields", object({ a: text, b: text }), object({ a: text }), true],
  ["fewer fields", object({ a: text }), object({ a: text, b: text }), false],
  ["a field that may be missing", object({ a: text }, []), object({ a: text }), false],
  ["a field of another type", object({ a: text }), object({ a: { type: "number" } }), false],
  ["a field of any type", object({ a: text }), object({ a: {} }), true],
  ["a list of labels", { type: "array", items: labels("x") }, { type: "array", items: text }, true],
  ["a list of texts", { type: "array", items: text }, { type: "array", items: labels("x") }, false],
  ["more fields where there may be none", object({ a: text }), { type: "object", additionalProperties: false }, false],
] as const)("%s", (_what, one, other, expected) => {
  expect(isNarrower(one as never, other as never)).toBe(expected);
});
