import { expect, test } from "vitest";
import { cellKinds } from "#server/cells/index.ts";
import { fence, graphOf, nodeOf } from "./__fixtures__/graph-of.ts";
import { schemaType, valueTypeOf, type ValueType } from "./value-type.ts";

test.each<[string, string, ValueType]>([
  ["a text", fence("template a", "Hi"), { type: "plain", schema: { type: "string" } }],
  ["a text", fence("prompt a", "---\nmodel: m\n---\nHi"), { type: "plain", schema: { type: "string" } }],
  [
    "what its schema says",
    fence("prompt a", "---\nmodel: m\nschema: { enum: [x, y] }\n---\nHi"),
    { type: "plain", schema: { enum: ["x", "y"] } },
  ],
  ["a table", fence("sql a", "select 1"), { type: "table" }],
  ["of any form", fence("js a", "return 1"), { type: "plain", schema: {} }],
  ["of any form", fence("python a", "1"), { type: "plain", schema: {} }],
  [
    "a text",
    fence("prompt a", "---\nmodel: m\nrepeat: 3\nreduce: majority\n---\nHi"),
    { type: "plain", schema: { type: "string" } },
  ],
  [
    "a number, or null where there is none",
    fence("prompt a", "---\nmodel: m\nrepeat: 3\nreduce: mean\n---\nHi"),
    { type: "plain", schema: { type: ["number", "null"] } },
  ],
])("is known to be %s before there is a value: %s", (_, cell, type) => {
  expect(valueTypeOf(nodeOf(graphOf("", cell), "a"), cellKinds)).toEqual(type);
});

test("the repeats that are made one value have the type of one", () => {
  const graph = graphOf("", fence("prompt a", "---\nmodel: m\nrepeat: 3\nreduce: mean\n---\nHi"));
  expect(valueTypeOf(nodeOf(graph, "a#each"), cellKinds)).toEqual({ type: "plain", schema: { type: "string" } });
});

test("a schema tells nothing where it is computed, refers to its own parts, or is none", () => {
  for (const schema of [
    "=row.schema",
    { a: "=row.type" },
    { type: "object", properties: { a: { $ref: "#/x" } } },
    { type: "object", properties: { a: { $dynamicRef: "#x" } } },
    { type: "object", $id: "x" },
    "text",
    [],
  ])
    expect(schemaType(schema)).toEqual({ type: "plain", schema: {} });
  const exact = { type: "integer", maximum: 12345678901234567890n };
  expect(schemaType(exact)).toEqual({ type: "plain", schema: exact });
});
