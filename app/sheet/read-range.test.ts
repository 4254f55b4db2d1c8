import { expect, test } from "vitest";
import { cellColumn, gridRow, sheetCell, testSheet } from "./__fixtures__/test-sheet.ts";
import { textsOfRange } from "./read-range.ts";

test("repeats of which one is long are copied whole, all of them", async () => {
  const column = cellColumn("answer", { places: [0, 1] });
  const { model, server } = testSheet(
    [column],
    [gridRow("r1", { answer: [sheetCell("short"), sheetCell("a long", { length: 9_000 })] })],
  );
  server.whole["r1 answer 1"] = { type: "string", value: "a long text" };
  const range = { top: 0, bottom: 0, left: 0, right: 0 };
  expect(await textsOfRange(model, range)).toEqual([["a long text × 1, short × 1"]]);
});
