import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyOperation } from "#server/notebook/apply-operation.ts";
import { blockOfLine, findHits, mostHits, replacements, type Query } from "./find-replace";

const query = (find: string, replace = "", more: Partial<Query> = {}): Query => ({
  find,
  replace,
  isRegex: false,
  isCased: false,
  isWord: false,
  ...more,
});
const replaced = (text: string, asked: Query): string =>
  applyOperation(text, { type: "edit", edits: replacements(findHits(text, asked).hits) }).text;

describe("finding", () => {
  test("tells each place with its line and what stands there", () => {
    const { hits } = findHits("one\ntwo One\n\n  one", query("one", "1"));
    expect(hits).toEqual([
      { start: 0, end: 3, text: "1", line: 1, lineText: "one", column: 0, found: "one" },
      { start: 8, end: 11, text: "1", line: 2, lineText: "two One", column: 4, found: "One" },
      { start: 15, end: 18, text: "1", line: 4, lineText: "  one", column: 2, found: "one" },
    ]);
  });

  test.each<[string, string, Query, number]>([
    ["nothing for no words", "a", query(""), 0],
    ["signs as they are", "a.b a+b", query("a.b"), 1],
    ["every case", "Ab aB", query("ab"), 2],
    ["one case where it is asked", "Ab ab", query("ab", "", { isCased: true }), 1],
    ["whole words", "art cart art_1 art.", query("art", "", { isWord: true }), 2],
    ["whole words of any script", "über üb", query("üb", "", { isWord: true }), 1],
    ["an expression", "a1 b22", query("[a-z]\\d+", "", { isRegex: true }), 2],
    ["lines by ^ and $", "x\nx", query("^x$", "", { isRegex: true }), 2],
    ["no empty places", "abc", query("x*", "", { isRegex: true }), 0],
  ])("finds %s", (_, text, asked, count) => {
    expect(findHits(text, asked).hits).toHaveLength(count);
  });

  test("says what is wrong with an expression", () => {
    expect(findHits("a", query("(", "", { isRegex: true }))).toEqual({
      hits: [],
      problem: expect.stringContaining("Unterminated group") as string,
    });
  });

  test("stops after two thousand places", () => {
    expect(findHits("a".repeat(3_000), query("a")).hits).toHaveLength(mostHits);
  });
});

describe("replacing", () => {
  test("changes all places and nothing else", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "b", "\n", "é", "😀") }), (text) => {
        expect(replaced(text, query("a", "x$1"))).toBe(text.replaceAll("a", "x$1"));
      }),
    );
  });

  test("puts groups in as JavaScript does", () => {
    const text = "first last, one two";
    const pattern = "(?<a>\\w+) (\\w+)";
    for (const replacement of ["$2 $1", "$<a>!", "[$&] $$ $9", "$0"])
      expect(replaced(text, query(pattern, replacement, { isRegex: true }))).toBe(
        text.replaceAll(new RegExp(pattern, "gmiu"), replacement),
      );
  });

  test("leaves out what would stay as it is", () => {
    expect(replacements(findHits("a A", query("a", "a")).hits)).toEqual([{ start: 2, end: 3, text: "a" }]);
  });
});

test("a line stands in the block that begins above it", () => {
  const lines = [
    { block: "prose:", line: 5 },
    { block: "topic", line: 9 },
  ];
  expect([4, 5, 8, 9, 20].map((line) => blockOfLine(lines, line))).toEqual([
    null,
    "prose:",
    "prose:",
    "topic",
    "topic",
  ]);
});
