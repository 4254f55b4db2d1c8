import { expect, test } from "vitest";
import { checkGivenJson } from "./check-given-json.ts";

const check = (text: string) => () => checkGivenJson(JSON.parse(text));
const nested = (levels: number, open: string, close: string): string =>
  open.repeat(levels) + "0" + close.repeat(levels);

test("lists and mappings go 500 levels deep and no deeper, however wide they are", () => {
  for (const [open, close] of [
    ["[", "]"],
    ['{"a":', "}"],
  ] as const) {
    expect(check(nested(500, open, close))).not.toThrow();
    for (const levels of [501, 5_000, 100_000])
      expect(check(nested(levels, open, close))).toThrow("lists and mappings go deeper than 500 levels");
  }
  expect(check(`[${Array(100_000).fill('{"a":[1]}').join(",")}]`)).not.toThrow();
});

test("a number is one that there is", () => {
  for (const text of ["1e999", "[1, -1e400]", '{"a": [{"b": 1e309}]}'])
    expect(check(text)).toThrow("a number is larger than any there is");
  expect(check("[1e308, -0, null, true]")).not.toThrow();
});
