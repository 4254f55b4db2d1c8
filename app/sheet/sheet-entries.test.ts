import { expect, test } from "vitest";
import type { Datum } from "#server/notebook/value.ts";
import { cellColumn, gridRow, sheetCell, testSheet } from "./__fixtures__/test-sheet.ts";
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

const fields = ["name", "total"].map((field) => cellColumn("invoice", { field }));
const json = (value: Datum) => ({ type: "json", value }) as const;
const answer = (name: string, total: number) => sheetCell(json({ name, total }));

test("texts for several fields of one answer are entered together", async () => {
  const { model, sent } = testSheet(fields, [gridRow("r1", { invoice: [answer("n", 1)] })]);
  const texts = ["A", "2"];
  const range = { top: 0, bottom: 0, left: 0, right: 1 };
  await createSheetEntries(model).put(range, (_, column) => texts[column]!, new Map());
  expect(sent.map(({ notes }) => notes)).toEqual([
    [{ address: "s.invoice{s=r1}", type: "edited", value: json({ name: "A", total: 2 }) }],
  ]);
});

test("a field of a repeated answer is another in each repeat, whose other fields stay", async () => {
  const column = { ...fields[0]!, places: [0, 1, 2] };
  const { model, rows, sent } = testSheet(
    [column],
    [gridRow("r1", { invoice: [answer("n", 1), answer("m", 99), null] })],
  );
  await createSheetEntries(model).enter(rows[0]!, column, "A");
  expect(sent[0]!.notes).toEqual([
    { address: "s.invoice{repeat=1,s=r1}", type: "edited", value: json({ name: "A", total: 1 }) },
    { address: "s.invoice{repeat=2,s=r1}", type: "edited", value: json({ name: "A", total: 99 }) },
  ]);
});

test("what takes the place of a long value is of its type", async () => {
  const column = cellColumn("invoice");
  const cut = sheetCell('{"lines":["a', { length: 9_000 });
  const { model, server, sent } = testSheet([column], [gridRow("r1", { invoice: [cut] })]);
  server.whole["r1 invoice 0"] = json({ lines: ["a"] });
  const range = { top: 0, bottom: 0, left: 0, right: 0 };
  await createSheetEntries(model).put(range, () => '{"lines":[]}', new Map());
  expect(sent[0]!.notes).toMatchObject([{ value: json({ lines: [] }) }]);
});
