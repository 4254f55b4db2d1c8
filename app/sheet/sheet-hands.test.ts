import { expect, test } from "vitest";
import { gridRow, labelColumn, sheetCell, testSheet } from "./__fixtures__/test-sheet.ts";
import { createSheetHands } from "./sheet-hands.ts";

const [a, b, c] = ["a", "b", "c"].map(labelColumn);
const label = (address: string, value: string) => ({ address, type: "label", value });

test("filling along copies the label to the columns beside it, and leaves its own cell", async () => {
  const { model, sent } = testSheet([a!, b!, c!], [gridRow("r1", { a: [sheetCell("x")], b: [sheetCell("mine")] })]);
  await createSheetHands(model).goOn(
    { top: 0, bottom: 0, left: 0, right: 0 },
    { top: 0, bottom: 0, left: 0, right: 2 },
  );
  expect(sent).toEqual([{ title: "entering 2 cells", notes: [label("s.b{s=r1}", "x"), label("s.c{s=r1}", "x")] }]);
});

test("filling several label columns down repeats them, as one step", async () => {
  const first = gridRow("r1", { a: [sheetCell("1")], c: [sheetCell("one")] });
  const second = gridRow("r2", { a: [sheetCell("2")], c: [sheetCell("two")] });
  const { model, sent } = testSheet([a!, c!], [first, second, gridRow("r3", {}), gridRow("r4", {})]);
  await createSheetHands(model).goOn(
    { top: 0, bottom: 1, left: 0, right: 1 },
    { top: 0, bottom: 3, left: 0, right: 1 },
  );
  expect(sent).toHaveLength(1);
  expect(sent[0]!.notes).toEqual([
    label("s.a{s=r3}", "1"),
    label("s.c{s=r3}", "one"),
    label("s.a{s=r4}", "2"),
    label("s.c{s=r4}", "two"),
  ]);
});
