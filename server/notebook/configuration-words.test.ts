import { expect, test } from "vitest";
import { z } from "zod";
import { configurationWords } from "./configuration-words.ts";

test.each<[string, z.ZodType, unknown]>([
  ["must be a", z.literal("a"), "b"],
  ["must be one of a, b", z.enum(["a", "b"]), "c"],
  ["must be at least 1", z.number().min(1), 0],
  ["must be over 1", z.number().gt(1), 1],
  ["must be at most 1", z.number().max(1), 2],
  ["must be under 1", z.number().lt(1), 1],
  ["must have a length of at least 2", z.string().min(2), "a"],
  ["must have a length of at most 2", z.string().max(2), "abc"],
  ["must have a count of at least 1", z.array(z.string()).min(1), []],
  ["must have a count of at most 1", z.array(z.string()).max(1), ["a", "b"]],
  ["has no setting `b`, `c`", z.strictObject({}), { b: 1, c: 2 }],
  ["is missing", z.string(), undefined],
  ["is missing", z.union([z.string(), z.array(z.string())]), undefined],
  ["must be a text, not null", z.string(), null],
  ["must be a text, not a list", z.string(), ["a"]],
  ["must be a text, not a mapping", z.string(), {}],
  ["must be a text, not true", z.string(), true],
  ["must be a text, not 12345678901234567890", z.string(), 12345678901234567890n],
  ["must be a number, not a text", z.number(), "1"],
  ["must be a whole number, not 1.5", z.int(), 1.5],
  ["must be true or false, not a text", z.boolean(), "yes"],
  ["must be a mapping, not 3", z.record(z.string(), z.string()), 3],
  ["must be null, not 3", z.null(), 3],
])("says in plain words that a value %s", (words, schema, value) => {
  expect(schema.safeParse(value, { error: configurationWords }).error?.issues).toMatchObject([{ message: words }]);
});

test.each<[string, z.ZodType, unknown]>([
  ["must be a text or a list", z.union([z.string(), z.array(z.string()), z.string().min(2)]), 3],
  ["must be a mapping or all or a number", z.union([z.strictObject({}), z.literal("all"), z.number()]), "x"],
  ["must be a number", z.union([z.string("is told by itself"), z.number()]), true],
  ["Invalid input", z.union([z.string("is told by itself"), z.number("is told by itself")]), true],
  ["`0` must be a text, not 3", z.union([z.string(), z.array(z.string())]), [3]],
  [
    "`a.b` must be a number, not a text",
    z.union([z.string(), z.object({ a: z.object({ b: z.number() }) })]),
    { a: { b: "c" } },
  ],
])(
  "says of a value that has none of several forms what is wrong with the nearest, or names all: %s",
  (words, schema, value) => {
    expect(schema.safeParse(value, { error: configurationWords }).error?.issues).toMatchObject([{ message: words }]);
  },
);
