import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseTsv, printTsv } from "./tsv.ts";

describe("what spreadsheets copy is read", () => {
  test.each([
    [
      "plain cells",
      "a\tb\nc\td",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    [
      "Excel's line ends, with one after the last row",
      "a\tb\r\nc\td\r\n",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    ["a line break within a cell", '"one\ntwo"\tb', [["one\ntwo", "b"]]],
    ["a tab and quotes within a cell", '"say ""hi""\tnow"', [['say "hi"\tnow']]],
    ["a quote that begins no field", 'a "quoted" word\tb', [['a "quoted" word', "b"]]],
    ["text that only begins with a quote", '"quoted" and more\tb', [['"quoted" and more', "b"]]],
    ["a quote that never ends", '"open\tb', [["open\tb"]]],
    [
      "empty cells",
      "\t\n\t",
      [
        ["", ""],
        ["", ""],
      ],
    ],
    ["nothing", "", [[""]]],
  ])("%s", (_, text, rows) => {
    expect(parseTsv(text)).toEqual(rows);
  });
});

test("what is copied here is the same when it is pasted here", () => {
  const cell = fc.oneof(fc.string(), fc.stringMatching(/^["\t\r\n a]*$/));
  const rows = fc
    .integer({ min: 1, max: 5 })
    .chain((columns) =>
      fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 6 }),
    );
  fc.assert(
    fc.property(rows, (cells) => {
      expect(parseTsv(printTsv(cells))).toEqual(cells);
    }),
  );
});
