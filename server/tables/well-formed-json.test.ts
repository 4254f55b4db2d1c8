import fc from "fast-check";
import { expect, test } from "vitest";
import { wellFormedJson } from "./well-formed-json.ts";

test("JSON text is the same but for halves of characters, each of which is U+FFFD", () => {
  const text = fc.string({
    unit: fc.constantFrom("a", "\\", '"', "ud83d", "\ud83d", "\ude00", "😀", "\n", "\u0007", "\ufffd"),
  });
  fc.assert(
    fc.property(fc.dictionary(text, fc.array(text)), (value) => {
      const expected = Object.fromEntries(
        Object.entries(value).map(([name, items]) => [name.toWellFormed(), items.map((item) => item.toWellFormed())]),
      );
      expect(JSON.parse(wellFormedJson(JSON.stringify(value)))).toEqual(expected);
    }),
  );
  expect(wellFormedJson('"\\\\ud83d"')).toBe('"\\\\ud83d"');
});
