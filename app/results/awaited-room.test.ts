import { expect, test } from "vitest";
import { awaitedRoom } from "./awaited-room";

const room = (schema?: unknown): number =>
  awaitedRoom({ kind: "prompt", source: "", configuration: schema === undefined ? {} : { schema: schema as never } });

test.each<[string, unknown, number]>([
  ["no schema, two lines", undefined, 44],
  ["labels, one", ["card", "money"], 24],
  ["an enum, one", { enum: ["card", "money"] }, 24],
  ["a type, one", "number", 24],
  ["fields, a row for each and for all of them", { vendor: "string", total: "number", currency: ["EUR"] }, 80],
  ["JSON Schema, the same", { type: "object", properties: { a: { type: "string" }, b: { type: "number" } } }, 60],
  ["JSON Schema of a text, one", { type: "string", maxLength: 40 }, 24],
])("an answer by %s", (_, schema, expected) => expect(room(schema)).toBe(expected));
