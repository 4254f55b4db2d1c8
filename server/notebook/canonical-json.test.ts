import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson, type CanonicalInput } from "./canonical-json.ts";

test.each<[string, CanonicalInput]>([
  ["null", null],
  ["null", undefined],
  ["true", true],
  ["false", false],
  ['"a\\"b\\n"', 'a"b\n'],
  ["0", -0],
  ["1e+21", 1e21],
  ["12345678901234567890", 12345678901234567890n],
  ['[1,null,[],{"a":{}}]', [1, undefined, [], { a: {} }]],
  ['{"B":1,"a":{"c":2,"d":3},"é":4}', { é: 4, a: { d: 3, c: 2 }, B: 1 }],
  ['{"a":1}', { b: undefined, a: 1 }],
  ["{}", { b: undefined }],
])("is the one text of a value: %s", (text, value) => {
  expect(canonicalJson(value)).toBe(text);
});

test("says the same value, with its keys in order, however many they are and in whatever order they came", () => {
  const keys = fc.uniqueArray(
    fc.string({ unit: "binary" }).filter((key) => key !== "__proto__"),
    { maxLength: 40, size: "max" },
  );
  fc.assert(
    fc.property(keys, fc.infiniteStream(fc.integer()), (names, order) => {
      const shuffled = names.map((name) => [order.next().value as number, name] as const).toSorted(([a], [b]) => a - b);
      const text = canonicalJson(Object.fromEntries(shuffled.map(([, name]) => [name, 1])));
      expect(text).toBe(
        `{${names
          .toSorted()
          .map((name) => `${JSON.stringify(name)}:1`)
          .join(",")}}`,
      );
    }),
  );
});

test.each([NaN, Infinity, -Infinity])("refuses %s, which no two values may share", (number) => {
  expect(() => canonicalJson([number])).toThrow(`${number} is no number that can be kept`);
});
