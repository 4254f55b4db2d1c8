import { expect, test } from "vitest";
import { pythonText, shellText } from "./code-literals.ts";

test.each([
  ["a word", "'a word'"],
  ["it's", String.raw`'it'\''s'`],
  ["''", String.raw`''\'''\'''`],
  ["$HOME `x` \\ \n", "'$HOME `x` \\ \n'"],
])("for a shell %j is one word", (text, word) => {
  expect(shellText(text)).toBe(word);
});

test.each([
  [null, "None"],
  [true, "True"],
  [false, "False"],
  [1.5, "1.5"],
  [123456789012345678901n, "123456789012345678901"],
  ['it\'s "so"\n', String.raw`"it's \"so\"\n"`],
  [[], "[]"],
  [{}, "{}"],
  [[1, ["a", null]], '[1, ["a", None]]'],
  [{ "a b": true, c: { d: [] } }, '{"a b": True, "c": {"d": []}}'],
] as const)("Python has value %# as a literal", (datum, text) => {
  expect(pythonText(datum)).toBe(text);
});
