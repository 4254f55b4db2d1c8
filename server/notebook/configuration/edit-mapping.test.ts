import { expect, test } from "vitest";
import { applyEdits } from "../edit/text-edits.ts";
import type { Datum } from "../value.ts";
import { editMapping, type ValuePath } from "./edit-mapping.ts";

const edited = (source: string, path: ValuePath, value?: Datum): string =>
  applyEdits(source, editMapping(source, path, value));

test("refuses to set a part of an expression, which would be lost", () => {
  expect(() => edited("vary: =axes\n", ["vary", "tone"], ["dry"])).toThrow(
    expect.objectContaining({
      code: "operation.configuration",
      message: "`=axes` is an expression, and has no parts to set",
    }),
  );
  expect(edited("vary: =axes\n", ["vary"], { tone: ["dry"] })).toBe("vary: { tone: [dry] }\n");
});

test.each<[string, string, ValuePath, Datum, string]>([
  ["the space in front of a list", "a:   [1]\n", ["a"], [2], "a:   [2]\n"],
  ["the space in front of a mapping", "a:   { b: 1 }\n", ["a"], 3, "a:   3\n"],
  ["the space in front of a text in lines", "a:   |\n  x\nb: 1\n", ["a"], "y", "a:   y\nb: 1\n"],
  ["the comment behind a null", "a: null # none\n", ["a"], 5, "a: 5 # none\n"],
  [
    "comments inside what another value is put into",
    "v: # why\n  t: [x] # y\n",
    ["v", "t", 1],
    "z",
    "v: # why\n  t: [x, z] # y\n",
  ],
  [
    "comments beside a value that becomes a mapping",
    "v: # why\n  t: x # y\n",
    ["v", "t", "z"],
    1,
    "v: # why\n  t: { z: 1 } # y\n",
  ],
  [
    "comments beside a value that becomes a list",
    "v: # why\n  t: x # y\n",
    ["v", "t", 0],
    1,
    "v: # why\n  t: [1] # y\n",
  ],
  ["the blank lines at the end", "a: x\n\n\n", ["b"], 1, "a: x\nb: 1\n\n\n"],
  ["the blank line behind a text in lines", "a: |+\n  x\n\nb: 1\n", ["a"], "z", "a: z\n\nb: 1\n"],
  ["an anchor that nothing else reads", "a: &n [1]\n", ["a"], 5, "a: &n 5\n"],
  ["how an equal value is written", "a: 0x10 # c\n", ["a"], 16, "a: 0x10 # c\n"],
])("keeps %s", (_, source, path, value, expected) => {
  expect(edited(source, path, value)).toBe(expected);
});

test.each<[string, string, ValuePath, Datum, string]>([
  ["an empty text", "", ["a", "b", 0], 5, "a: { b: [5] }\n"],
  ["a comment alone", "# note\n", ["a"], 1, "# note\na: 1\n"],
  ["a comment without a line end", "# note", ["a"], 1, "# note\na: 1\n"],
  ["a last line without a line end", "a: x", ["b"], 3, "a: x\nb: 3"],
  ["a text in lines without a line end", "a: |\n  x", ["b"], 3, "a: |\n  x\nb: 3"],
  ["a list in lines without a line end", "a:\n  - 1", ["a", 1], 2, "a:\n  - 1\n  - 2"],
  ["an empty mapping", "a: {} # c\n", ["a", "b"], 1, "a: { b: 1 } # c\n"],
  ["a text in lines", "a: |\n  x\n", ["b"], 3, "a: |\n  x\nb: 3\n"],
  ["an empty list beside others", "v: { a: [ ],  b: [ 2 ] }\n", ["v", "a", 0], 1, "v: { a: [1],  b: [ 2 ] }\n"],
  ["an empty mapping that is all", "{}\n", ["a"], 1, "{ a: 1 }\n"],
  ["a mapping in one line", "a: { b: 1 } # c\n", ["a", "c"], 2, "a: { b: 1, c: 2 } # c\n"],
  ["a mapping in one line that ends with a key alone", "{ b: 1, a }\n", ["c"], 1, "{ b: 1, a, c: 1 }\n"],
  ["a mapping in one line that ends with no value", "{ b: 1, a: }\n", ["c"], 1, "{ b: 1, a:, c: 1 }\n"],
  ["a list over two lines", "a: [1,\n  2] # c\n", ["a", 2], 3, "a: [1,\n  2, 3] # c\n"],
  ["a list with a comma at its end", "a: [1, 2,]\n", ["a", 2], 3, "a: [1, 2, 3,]\n"],
  ["a list in lines whose last item is empty", "a:\n  - 1 # c\n  -\n", ["a", 2], 3, "a:\n  - 1 # c\n  -\n  - 3\n"],
  ["what stands below a key with a question mark", "b: 1\n? a\n", ["c"], 2, "b: 1\n? a\nc: 2\n"],
])("adds to %s", (_, source, path, value, expected) => {
  expect(edited(source, path, value)).toBe(expected);
});

test.each<[string, string, ValuePath, Datum, string]>([
  ["an empty item of a list", "a:\n  - # c\n  - 1 # d\n", ["a", 0], 3, "a:\n  - 3 # c\n  - 1 # d\n"],
  ["a key without a colon", "{ a, b: 1 }\n", ["a"], 2, "{ a: 2, b: 1 }\n"],
  ["the value of a key that is a number", "1: a # c\n2: b\n", ["1"], "x", "1: x # c\n2: b\n"],
  ["the value of a key that is written `true`", "b: 1\ntrue: b # c\n", ["true"], "x", "b: 1\ntrue: x # c\n"],
  ["a mapping in lines to a value in one", "a: # which\n  b: 1\nc: 2\n", ["a"], 5, "a: 5\nc: 2\n"],
  [
    "part of what an alias stands for there alone",
    "a: &x { b: 1 }\nc: *x\n",
    ["c", "b"],
    2,
    "a: &x { b: 1 }\nc: { b: 2 }\n",
  ],
])("sets %s", (_, source, path, value, expected) => {
  expect(edited(source, path, value)).toBe(expected);
});

test.each<[string, string, ValuePath, string]>([
  ["the first entry of a mapping in one line", "a: { b: 1, c:  2 } # d\n", ["a", "b"], "a: { c:  2 } # d\n"],
  ["the last entry of a mapping in one line", "a: { b: 1, c: 2 } # d\n", ["a", "c"], "a: { b: 1 } # d\n"],
  ["the only item of a list", "v: { a: [1],  b: 2 }\n", ["v", "a", 0], "v: { a: [],  b: 2 }\n"],
  ["a text in lines", "a: |\n  x\nb: 1\n", ["a"], "b: 1\n"],
  ["a key in quotes", '"a b": 1\n"c": 2\n', ["a b"], '"c": 2\n'],
  ["the middle item of a list", "a: [1, 2, 3]\n", ["a", 1], "a: [1, 3]\n"],
  ["the last item in front of a comma", "a: [1, 2,]\n", ["a", 1], "a: [1,]\n"],
  ["the only entry of all in one line", "{ a: 1 }\n", ["a"], "{  }\n"],
  ["an entry that has no value", "{ b: 1, a: }\n", ["a"], "{ b: 1 }\n"],
  ["an item that is empty", "a:\n  - 1 # c\n  -\n", ["a", 1], "a:\n  - 1 # c\n"],
  ["the last entry without a line end", "a: x\nb: y", ["b"], "a: x\n"],
  ["an entry with the comment on its line", "a: x # c\nb: y", ["a"], "b: y"],
  ["the first entry of a mapping in a list", "a:\n- b: 1 # c\n  c: 2\n- 3\n", ["a", 0, "b"], "a:\n- c: 2\n- 3\n"],
  ["the second entry of a mapping in a list", "a:\n- b: 1 # c\n  c: 2\n- 3\n", ["a", 0, "c"], "a:\n- b: 1 # c\n- 3\n"],
  ["the first item of a list in a list", "a:\n- - 1\n  - 2 # c\n- 3\n", ["a", 0, 0], "a:\n- - 2 # c\n- 3\n"],
  ["part of what an alias stands for there alone", "a: &x { b: 1 }\nc: *x\n", ["c", "b"], "a: &x { b: 1 }\nc: {}\n"],
])("takes away %s", (_, source, path, expected) => {
  expect(edited(source, path)).toBe(expected);
});

test.each<[string, ValuePath]>([
  ["", ["a"]],
  ["# note\n", ["a", "b"]],
  ["a: 1\n", ["b"]],
  ["a: 1\n", ["a", "b"]],
  ["a: 1\n", ["a", 0]],
  ["a:\n", ["a", "b"]],
  ["a: { b: 1 }\n", ["a", "c"]],
  ["a: { b: 1 }\n", ["a", 0]],
  ["a: [1]\n", ["a", "b"]],
  ["a: [1]\n", ["a", 1]],
])("changes nothing to take away what is not there: of %j, %j", (source, path) => {
  expect(editMapping(source, path, undefined)).toEqual([]);
});

test.each<[string, Datum]>([
  ["plain words", "plain words"],
  ["=row.text", "=row.text"],
  ['"a: b"', "a: b"],
  ['"a, b"', "a, b"],
  ['"a #b"', "a #b"],
  ['" a"', " a"],
  ['"a "', "a "],
  ['""', ""],
  ['"two\\nlines"', "two\nlines"],
  ['"true"', "true"],
  ['"null"', "null"],
  ['"~"', "~"],
  ['"1e3"', "1e3"],
  ['"0x1F"', "0x1F"],
  ['"-1"', "-1"],
  ['"- a"', "- a"],
  ["null", null],
  ["false", false],
  ["12345678901234567890", 12345678901234567890n],
  ["[]", []],
  ["{}", {}],
  ["[1, [a], { b: [] }]", [1, ["a"], { b: [] }]],
  ["{ a b: 1, c: 2 }", { "a b": 1, c: 2 }],
  ['{ "a ": 1 }', { "a ": 1 }],
  ['{ " a": 1 }', { " a": 1 }],
  ['{ "a:b": 1 }', { "a:b": 1 }],
  ['{ "a, b": 1 }', { "a, b": 1 }],
  ['{ "1a": 1 }', { "1a": 1 }],
  ['{ "": 1 }', { "": 1 }],
])("writes a value plain where that reads back the same, and quoted where not: %s", (text, value) => {
  expect(edited("a: x\n", ["a"], value)).toBe(`a: ${text}\n`);
});

test.each<[string, string, ValuePath, Datum | undefined]>([
  ["what an alias elsewhere reads", "a: &x { b: 1 }\nc: { d: *x }\n", ["a", "b"], 2],
  ["the anchor an alias elsewhere names", "a: { b: &x 1, c: 2 }\nd: *x\n", ["a", "b"], 3],
  ["a key with a question mark and no value", "? a\nb: 1\n", ["a"], 2],
])("refuses to set %s", (_, source, path, value) => {
  expect(() => editMapping(source, path, value)).toThrow(
    expect.objectContaining({
      code: "operation.configuration",
      message: `\`${path.join(".")}\` cannot be set without changing other parts`,
    }),
  );
});

test.each(["~\n", "null\n", "text\n", "- a\n", "a: [1\n"])(
  "refuses to set a value in %j, which is no mapping",
  (source) => {
    expect(() => editMapping(source, ["a"], 1)).toThrow(
      expect.objectContaining({ code: "operation.configuration", cure: "Correct its text first." }),
    );
  },
);
