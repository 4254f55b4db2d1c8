import { expect, test } from "vitest";
import { schemaStructure } from "./schema-structure.ts";

test.each([
  [{ type: "number" }, "DOUBLE"],
  [{ type: ["integer", "null"] }, "BIGINT"],
  [{ enum: ["EUR", "USD", null] }, "VARCHAR"],
  [{ enum: [1, "one"] }, "JSON"],
  [{ anyOf: [{ type: "boolean" }, { type: "null" }] }, "BOOLEAN"],
  [{ anyOf: [{ type: "boolean" }, { type: "string" }] }, "JSON"],
  [{ type: "array", items: { type: "object", properties: { n: { type: "integer" } } } }, [{ n: "BIGINT" }]],
  [{ type: "array" }, "JSON"],
  [{}, "JSON"],
])("values of %j are %j in DuckDB", (schema, structure) => {
  expect(schemaStructure(schema)).toEqual(structure);
});
