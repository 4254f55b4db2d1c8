import { expect, test } from "vitest";
import { toValue } from "./value.ts";

const file = { hash: "f".repeat(64), name: "cat.png", mediaType: "image/png", bytes: 3 };

test("a kept file that a cell gives is a picture where it is one that models see, and else a file", () => {
  expect(toValue(file)).toEqual({ type: "image", value: file });
  const svg = { ...file, mediaType: "image/svg+xml" };
  expect(toValue(svg)).toEqual({ type: "file", value: svg });
});

test.each([
  ["without a hash of bytes", { ...file, hash: "../../state.sqlite" }],
  ["with more in it", { ...file, more: 1 }],
  ["with less", { name: "a", mediaType: "image/png", bytes: 3 }],
])("an object %s is JSON", (_, datum) => {
  expect(toValue(datum as never)).toEqual({ type: "json", value: datum });
});
