import { expect, test } from "vitest";
import { preparationWords } from "./preparation-words";

test.each([
  ["fetching", "local/gemma", 34_200_000, 1_253_000_000, "fetching gemma: 34 of 1,253 MB"],
  ["unpacking", "local/gemma", 251_000_000, 253_000_000, "unpacking gemma"],
  ["checking", "local/gemma", 253_000_000, 253_000_000, "checking gemma"],
  ["indexing", "text", 400, 1_004, "making the index: 400 of 1,004"],
] as const)("%s of %s is said with how far it is", (what, subject, done, total, expected) => {
  expect(preparationWords({ what, subject, done, total })).toBe(expected);
});
