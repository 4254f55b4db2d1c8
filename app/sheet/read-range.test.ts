import { expect, test } from "vitest";
import { cellColumn, gridRow, sheetCell, testSheet } from "./__fixtures__/test-sheet.ts";
import { rowsOfRange, selectedRows, textsOfRange } from "./read-range.ts";

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

const column = cellColumn("answer");
const row = (index: number, text: string) => gridRow(`r${index}`, { answer: [sheetCell(text)] });

test("rows that were read before the last change are read again, and those of now are not", async () => {
  const [before, after] = ["", "answer"].map((text) => Array.from({ length: 300 }, (_, index) => row(index, text)));
  const { model, server, asked, old } = testSheet([column], before!);
  const texts = async (bottom: number) =>
    (await textsOfRange(model, { top: 0, bottom, left: 0, right: 0 })).filter(([text]) => text === "answer").length;
  server.rows = after!;
  for (let index = 128; index < 300; index += 1) old.add(index);
  expect(await texts(127)).toBe(0);
  expect(asked).toEqual([]);
  expect(await texts(299)).toBe(300);
  expect(asked).toMatchObject([{ from: 0, to: 300, order: "shown" }]);
});

test("pages of a range are of one order, and begin anew where another came between", async () => {
  const { model, server } = testSheet([column], []);
  server.rows = Array.from({ length: 1_500 }, (_, index) => row(index, "a"));
  const read = model.api.rows;
  model.api.rows = async (request, signal) => {
    const page = await read(request, signal);
    if (request.from === 0 && server.order === "shown") {
      server.order = "other";
      server.rows = server.rows.toReversed();
    }
    return page;
  };
  const found = await rowsOfRange(model, { top: 0, bottom: 1_499, left: 0, right: 0 });
  expect(found.map(({ row }) => row)).toEqual(server.rows.map(({ row }) => row));
});

test("more rows than are kept at once are not even read", async () => {
  const { model, asked } = testSheet([column], []);
  const range = { top: 0, bottom: 200_000, left: 0, right: 0 };
  await expect(selectedRows(model, range)).rejects.toMatchObject({ data: { problem: { code: "sheet.too-many" } } });
  expect(asked).toEqual([]);
});

test("other rows than those selected are never taken for them", async () => {
  const { model, server, old, changes } = testSheet([column], [row(0, "a"), row(1, "b")]);
  const range = { top: 0, bottom: 1, left: 0, right: 0 };
  old.add(1);
  expect(await selectedRows(model, range)).toHaveLength(2);
  server.order = "other";
  await expect(selectedRows(model, range)).rejects.toMatchObject({ data: { problem: { code: "sheet.moved" } } });
  expect(changes()).toBe(1);
});
