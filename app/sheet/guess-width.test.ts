import { expect, test } from "vitest";
import type { GridColumn } from "./columns.ts";
import { guessWidth } from "./guess-width.ts";

const column: GridColumn = { type: "row", id: "row id", name: "id", word: "number", numeric: true };

test("a column is as wide as its name and most of its texts need", () => {
  const narrow = guessWidth(column, ["1", "2"]);
  expect(guessWidth({ ...column, name: "a_much_longer_name" }, ["1", "2"])).toBeGreaterThan(narrow);
  expect(
    guessWidth(
      column,
      Array.from({ length: 30 }, () => "twenty-five characters ok"),
    ),
  ).toBeGreaterThan(narrow);
});

test("a few long texts make no column wide, and nothing makes it wider than can be read", () => {
  const texts = Array.from({ length: 30 }, (_, index) => (index === 0 ? "x".repeat(500) : "short"));
  expect(guessWidth(column, texts)).toBe(guessWidth(column, ["short"]));
  expect(guessWidth(column, ["x".repeat(500)])).toBe(340);
});
