import { describe, expect, test } from "vitest";
import { choicesOf, toJsonSchema } from "./schema.ts";
import type { Datum } from "./value.ts";

describe("the short form of a schema", () => {
  test("is a word for a type", () => {
    expect(["string", "number", "integer", "boolean", "json"].map((word) => toJsonSchema(word))).toEqual([
      { type: "string" },
      { type: "number" },
      { type: "integer" },
      { type: "boolean" },
      {},
    ]);
  });

  test("is a list of labels", () => {
    expect(toJsonSchema(["EUR", "USD"])).toEqual({ enum: ["EUR", "USD"] });
  });

  test("is a mapping of fields, all of them required and no others", () => {
    expect(toJsonSchema({ vendor: "string", lines: { count: "integer" }, currency: ["EUR"] })).toEqual({
      type: "object",
      properties: {
        vendor: { type: "string" },
        lines: {
          type: "object",
          properties: { count: { type: "integer" } },
          required: ["count"],
          additionalProperties: false,
        },
        currency: { enum: ["EUR"] },
      },
      required: ["vendor", "lines", "currency"],
      additionalProperties: false,
    });
    expect(toJsonSchema({})).toEqual({ type: "object", properties: {}, required: [], additionalProperties: false });
  });

  test("may have fields that are called like words of JSON Schema", () => {
    const fields = (schema: Datum): unknown => toJsonSchema(schema)["required"];
    expect(fields({ type: "string" })).toEqual(["type"]);
    expect(fields({ type: "string", name: "string" })).toEqual(["type", "name"]);
    expect(fields({ enum: "string" })).toEqual(["enum"]);
    expect(fields({ items: "string", properties: "json" })).toEqual(["items", "properties"]);
    expect(fields({ anyOf: "string" })).toEqual(["anyOf"]);
    expect(fields({ enum: ["a", "b"], total: "number" })).toEqual(["enum", "total"]);
  });

  const wordsThereAre = "string, number, integer, boolean, json";
  test.each([
    ["text", [], `must be one of ${wordsThereAre}, not \`text\``],
    ["toString", [], `must be one of ${wordsThereAre}, not \`toString\``],
    [[], [], "must have labels, and is an empty list"],
    [null, [], "must be a type, a list of labels or a mapping, not null"],
    [3, [], "must be a type, a list of labels or a mapping, not 3"],
    [{ a: { b: "word" } }, ["a", "b"], `must be one of ${wordsThereAre}, not \`word\``],
    [{ a: [] }, ["a"], "must have labels, and is an empty list"],
  ] as const)("refuses %j with the place", (schema, path, message) => {
    expect(() => toJsonSchema(schema)).toThrow(expect.objectContaining({ path, message }));
  });
});

test.each([
  [{ type: "object", properties: {} }],
  [{ type: "array" }],
  [{ type: "number", minimum: 0 }],
  [{ type: "integer", maximum: 9 }],
  [{ type: "string", minLength: 1 }],
  [{ type: "string", maxLength: 1 }],
  [{ type: "string", pattern: "a" }],
  [{ type: "string", format: "date" }],
  [{ type: "string", description: "a" }],
  [{ type: "string", enum: "a" }],
  [{ enum: ["a", 1] }],
  [{ enum: ["a"], description: "one" }],
  [{ type: "string", enum: ["a"] }],
  [{ enum: ["a"], const: "a", properties: {}, items: {}, anyOf: [], oneOf: [], allOf: [], $ref: "#", $schema: "x" }],
  [{ anyOf: [{ type: "string" }] }],
  [{ oneOf: [{ type: "string" }] }],
  [{ allOf: [{ type: "string" }] }],
  [{ const: 1 }],
  [{ $ref: "#/a" }],
  [{ $schema: "x", title: "T" }],
])("what is JSON Schema already stays as it is: %j", (schema) => {
  expect(toJsonSchema(schema)).toBe(schema);
});

test("a schema is a choice where it lists texts and nothing else", () => {
  expect(
    [{ enum: ["a", "b"] }, { enum: ["a", 1] }, { enum: [] }, { type: "string" }, { enum: "a" }].map(choicesOf),
  ).toEqual([["a", "b"], null, [], null, null]);
});
