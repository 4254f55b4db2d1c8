import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { tableText } from "./table-text.ts";

const score = (value: number | null, pass: boolean | null, reason = "because") => ({ score: value, pass, reason });

describe("a table as text", () => {
  test("numbers stand to the right with their points below one another, text to the left", () => {
    const rows = [
      { name: "a", price: 3.5, count: 10 },
      { name: "bcd", price: 22.125, count: 2 },
      { name: "e", price: null, count: 300n },
    ];
    expect(tableText(["name", "price", "count"], rows, 40)).toBe(
      [
        "name   price  count",
        "────  ──────  ─────",
        "a      3.500     10",
        "bcd   22.125      2",
        "e               300",
      ].join("\n"),
    );
  });

  test("a score is its number and a mark, a table of hits how many rows it has", () => {
    const hits = { columns: [{ name: "text", type: "string" }], rowCount: 5, rows: [] };
    const rows = [
      { hits, correct: score(1, true) },
      { hits: { ...hits, rowCount: 1 }, correct: score(0.25, false) },
      { hits: null, correct: score(0, false) },
    ];
    expect(tableText(["hits", "correct"], rows, 40)).toBe(
      ["hits    correct", "──────  ───────", "5 rows   1.00 ✓", "1 row    0.25 ✗", "         0.00 ✗"].join("\n"),
    );
  });

  test("what cannot be scored says why", () => {
    expect(tableText(["correct"], [{ correct: score(null, null, "nothing is expected") }], 60)).toContain(
      "unscored: nothing is expected",
    );
  });

  test("the widest columns are cut first", () => {
    const rows = [{ id: 1, short: "short text", long: "x".repeat(60) }];
    expect(tableText(["id", "short", "long"], rows, 40)).toBe(
      ["id  short       long", `──  ${"─".repeat(10)}  ${"─".repeat(24)}`, ` 1  short text  ${"x".repeat(23)}…`].join(
        "\n",
      ),
    );
  });

  test("columns there is no room for are left out and named, dispensable ones first", () => {
    const names = Array.from({ length: 8 }, (_, index) => `column_${index}`);
    const rows = [Object.fromEntries(names.map((name) => [name, "some longer text"]))];
    const text = tableText(names, rows, 40, new Set(["column_1", "column_2", "column_3", "column_4"]));
    expect(text.split("\n")[0]!.split(/ +/)).toEqual(["column_0", "column_5", "column_6", "column_7"]);
    expect(text.split("\n").at(-1)).toBe("not shown for want of width: column_1, column_2, column_3, column_4");
  });

  test("of a thousand columns those that fit are shown, and a dozen of the others named", () => {
    const names = Array.from({ length: 1000 }, (_, index) => `c${index}`);
    const text = tableText(names, [Object.fromEntries(names.map((name, index) => [name, index]))], 20);
    expect(text.split("\n")).toEqual([
      "c0  c1  c2  c3  c4",
      "──  ──  ──  ──  ──",
      " 0   1   2   3   4",
      "not shown for want of width: c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16 and 983 more",
    ]);
  });

  test("the first column stays, since it says which row is which", () => {
    const names = Array.from({ length: 8 }, (_, index) => `column_${index}`);
    const rows = [Object.fromEntries(names.map((name) => [name, "some longer text"]))];
    const text = tableText(names, rows, 40, new Set(names.slice(0, 6)));
    expect(text.split("\n")[0]!.split(/ +/)).toEqual(["column_0", "column_1", "column_6", "column_7"]);
  });

  test("a value cannot steer the terminal or break the line", () => {
    expect(tableText(["a"], [{ a: "\x1b[31mred\x1b[0m\nand\tmore" }], 40)).toBe("a\n────────────\nred and more");
  });

  test("no line is wider than the terminal, whatever the values, and no character is cut in two", () => {
    const value = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 60 }),
      fc.constantFrom("日本語のテキストです", "👩‍👩‍👧‍👦 family", "a\u0301bc"),
      fc.boolean(),
      fc.integer(),
      fc.array(fc.integer()),
      fc.constant(null),
    );
    const names = ["alpha", "beta", "gamma"];
    const row = fc.record(Object.fromEntries(names.map((name) => [name, value])));
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), fc.integer({ min: 36, max: 120 }), (rows, width) => {
        const lines = tableText(names, rows, width).split("\n");
        expect(lines.filter((line) => stringWidth(line) > width && !line.startsWith("not shown"))).toEqual([]);
        expect(lines.filter((line) => !line.isWellFormed())).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
