import { describe, expect, test } from "vitest";
import { continuedGrammar, grammarSchema, isStringSchema, labelGrammar, labelsOf } from "./grammar-schema.ts";

describe("labels of a schema", () => {
  test("are an enumeration of strings", () => {
    expect(labelsOf({ enum: ["a", "b"] })).toEqual(["a", "b"]);
    expect(labelsOf({ type: "string", enum: ["a"] })).toEqual(["a"]);
    expect(labelsOf({ const: "only" })).toEqual(["only"]);
  });

  test("are none where something else is allowed too", () => {
    for (const schema of [{ enum: ["a", 1] }, { enum: [] }, { enum: ["a", null] }, { type: "string" }, true, "a"])
      expect(labelsOf(schema)).toBeNull();
  });

  test("make a grammar in which quotation marks, backslashes and control characters are literal", () => {
    expect(labelGrammar(['say "hi"', "a\\b", "line\nend"], false)).toBe(
      'root ::= ("say \\"hi\\"" | "a\\\\b" | "line\\x0aend")\n',
    );
  });
});

test("a grammar of an answer that continues text allows a space before it", () => {
  expect(labelGrammar(["a", "b"], true)).toBe('root ::= [ ]? ("a" | "b") [\\n]?\n');
  expect(continuedGrammar('root ::= "{" "}" "\\n"\nrule ::= "root ::= "\n')).toBe(
    'root ::= [ ]? "{" "}" "\\n"\nrule ::= "root ::= "\n',
  );
});

describe("a JSON Schema for the grammar", () => {
  test("keeps what constrains and leaves out what describes or is checked later", () => {
    expect(
      grammarSchema({
        title: "Invoice",
        type: "object",
        required: ["total"],
        properties: { total: { type: "number", minimum: 0 }, paid: { type: ["string", "null"], format: "email" } },
      }),
    ).toEqual({ type: "object", properties: { total: { type: "number" }, paid: { type: ["string", "null"] } } });
  });

  test("says anyOf as oneOf and definitions as $defs", () => {
    expect(
      grammarSchema({
        anyOf: [{ $ref: "#/definitions/name" }, { type: "null" }],
        definitions: { name: { type: "string" } },
      }),
    ).toEqual({ oneOf: [{ $ref: "#/$defs/name" }, { type: "null" }], $defs: { name: { type: "string" } } });
  });

  test("fills in the type that other keywords imply", () => {
    expect(grammarSchema({ properties: { a: { enum: [1, null] } } })).toEqual({
      type: "object",
      properties: { a: { enum: [1, null] } },
    });
    expect(grammarSchema({ items: { type: "integer" } })).toEqual({ type: "array", items: { type: "integer" } });
    expect(grammarSchema({ type: "object" })).toEqual({ type: "object", additionalProperties: true });
  });

  test("allows anything where it says nothing", () => {
    expect(grammarSchema({})).toHaveProperty("oneOf");
    expect(grammarSchema(true)).toHaveProperty("oneOf");
  });

  test("refuses, with a cure, what it would change if it left it out", () => {
    for (const schema of [
      { allOf: [{ type: "string" }] },
      { not: {} },
      { $ref: "other.json" },
      { patternProperties: {} },
    ])
      expect(() => grammarSchema(schema)).toThrow(
        expect.objectContaining({ code: "model.schema", cure: expect.stringContaining("anyOf") }),
      );
  });

  test("of a string needs no grammar", () => {
    expect(isStringSchema({ type: "string", maxLength: 10 })).toBe(true);
    expect(isStringSchema({ type: ["string", "null"] })).toBe(false);
  });
});
