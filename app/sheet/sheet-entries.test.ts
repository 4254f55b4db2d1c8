import { expect, test } from "vitest";
import { cellColumn, gridRow, testSheet } from "./__fixtures__/test-sheet.ts";
import { createSheetEntries } from "./sheet-entries.ts";

test("a score that is entered passes from its cell's threshold", async () => {
  const column = cellColumn("good", { kind: "score" });
  const { model, rows, sent } = testSheet([column], [gridRow("r1", {})]);
  await createSheetEntries(model).enter(rows[0]!, column, "0.8");
  const score = { score: 0.8, pass: true, reason: "entered by hand" };
  const value = { type: "score", value: score };
  expect(sent).toEqual([
    { title: "editing good by hand", notes: [{ address: "s.good{s=r1}", type: "edited", value }] },
  ]);
});
