import { describe, expect, test } from "vitest";
import type { ContractInput } from "#server/publish/contract.ts";
import { controlOf, initialText, inputOf } from "./input-text.ts";

const input = (schema: object, required = true): ContractInput => ({ name: "one", required, schema: schema as never });

describe("the form of a published notebook's inputs", () => {
  test.each([
    [{ type: "string" }, "text", "7", "7"],
    [{ type: "string", enum: ["a", "b"] }, "choice", "b", "b"],
    [{ type: "number" }, "number", "7.5", 7.5],
    [{ type: "boolean" }, "checkbox", "true", true],
    [{ type: "array" }, "json", '[{"a":1}]', [{ a: 1 }]],
    [{}, "json", "null", null],
  ] as const)("asks for %j by a %s, where %s means %j", (schema, control, text, value) => {
    expect(controlOf(input(schema))).toBe(control);
    expect(inputOf(input(schema), text)).toEqual({ value });
  });

  test("begins with the default, and gives nothing where nothing is said", () => {
    expect(initialText(input({ type: "string", default: "hello" }))).toBe("hello");
    expect(initialText(input({ type: "number", default: 3 }))).toBe("3");
    expect(initialText(input({ type: "array" }))).toBe("");
    expect(inputOf(input({ type: "number" }), "")).toBe("missing");
    expect(inputOf(input({ type: "string" }, false), "")).toBe("missing");
    expect(inputOf(input({ type: "string" }), "")).toEqual({ value: "" });
  });

  test("says which input is no JSON", () => {
    expect(() => inputOf(input({ type: "array" }), "[")).toThrow("one is no JSON");
  });
});
