import { expect, test } from "vitest";
import { toJson } from "./to-json.ts";

test("JSON says integers of any size by their digits", () => {
  expect(toJson({ b: "x", a: [1.5, null, true] })).toBe('{"b":"x","a":[1.5,null,true]}');
  expect(toJson({ b: "x", a: [12345678901234567890n, 1.5, -2n], c: undefined })).toBe(
    '{"b":"x","a":[12345678901234567890,1.5,-2]}',
  );
});
