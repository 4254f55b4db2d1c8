import { expect, test } from "vitest";
import type { Value } from "#server/notebook/value.ts";
import { cellColumn, gridRow, labelColumn, sheetCell, testSheet } from "./__fixtures__/test-sheet.ts";
import type { CellColumn } from "./columns.ts";
import { shownToasts } from "../ui/toasts.ts";
import { selectionAt } from "./grid/selection.ts";
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

test("fields of one answer are locked as the one result they are", async () => {
  const fields = ["name", "total"].map((field) => cellColumn("invoice", { field }));
  const answer = sheetCell({ type: "json", value: { name: "n", total: 1 } }, { override: null });
  const { model, sent } = testSheet(fields, [gridRow("r1", { invoice: [answer] })]);
  await createSheetHands(model).lock({ top: 0, bottom: 0, left: 0, right: 1 }, true);
  expect(sent).toEqual([{ title: "locking a value", notes: [{ address: "s.invoice{s=r1}", type: "locked" }] }]);
});

test("more results than are kept at once are refused, with what to do", async () => {
  const places = Array.from({ length: 200_001 }, (_, place) => place);
  const answer = cellColumn("answer", { places });
  const computed = sheetCell("a", { override: null });
  const { model, sent } = testSheet([answer], [gridRow("r1", { answer: places.map(() => computed) })]);
  await createSheetHands(model).lock({ top: 0, bottom: 0, left: 0, right: 0 }, true);
  expect(sent).toEqual([]);
  expect(shownToasts().at(-1)).toMatchObject({
    text: "200,001 results are too many to change at once",
    cure: "Select fewer cells, or filter the rows first.",
  });
});

test("what was typed and could not be kept is in the editor again", async () => {
  const { model, server, sent } = testSheet([a!], [gridRow("r1", {}), gridRow("r2", {})]);
  const hands = createSheetHands(model);
  await hands.edit("x");
  server.down = new Error("gone");
  await hands.commit(hands.editing()!, "typed", "down");
  expect(hands.editing()).toMatchObject({ row: { row: "r1" }, column: a, text: "typed" });
  expect(model.selection()).toEqual(selectionAt({ row: 0, column: 0 }));
  expect(shownToasts().at(-1)!.text).toContain("gone");
  server.down = null;
  await hands.commit(hands.editing()!, "typed", "down");
  expect(sent.map(({ notes }) => notes)).toEqual([[label("s.a{s=r1}", "typed")]]);
  expect(hands.editing()).toBeNull();
});

test.each<[string, CellColumn, Value | null, string]>([
  ["an object", cellColumn("answer"), { type: "json", value: { a: 1 } }, '{"a": 1, "b": "much that was typed"'],
  ["a number", cellColumn("answer"), { type: "number", value: 1 }, "12345678901234567890"],
  ["a score", cellColumn("answer", { kind: "score" }), null, "1.5"],
  ["a label", cellColumn("answer", { kind: "label", entry: ["agree", "wrong"] }), null, "nothing"],
])("what is no value of its column is in the editor again, with what to do: %s", async (_, column, before, text) => {
  const cells = before === null ? {} : { answer: [sheetCell(before)] };
  const { model, sent } = testSheet([column], [gridRow("r1", cells), gridRow("r2", {})]);
  const hands = createSheetHands(model);
  await hands.edit();
  await hands.commit(hands.editing()!, text, "down");
  expect(hands.editing()).toMatchObject({ row: { row: "r1" }, text });
  expect(shownToasts().at(-1)).toMatchObject({ text: expect.stringContaining(JSON.stringify(text)), bad: true });
  expect(shownToasts().at(-1)!.cure).not.toBeNull();
  await hands.commit(hands.editing()!, text, "stay");
  expect(hands.editing()).toBeNull();
  await hands.edit();
  expect(hands.editing()).toMatchObject({ text });
  expect(sent).toEqual([]);
});

test("what comes back is gone through by arrows if it was before, and is nothing new once it is what stands there", async () => {
  const answer = cellColumn("answer");
  const { model, sent } = testSheet([answer], [gridRow("r1", { answer: [sheetCell({ type: "json", value: [1] })] })]);
  const hands = createSheetHands(model);
  await hands.edit();
  await hands.commit(hands.editing()!, "[1,", "down");
  expect(hands.editing()).toMatchObject({ text: "[1,", typed: false });
  await hands.commit(hands.editing()!, "[1,", "stay");
  await hands.edit();
  expect(hands.editing()).toMatchObject({ text: "[1,", typed: false });
  hands.cancelEdit();
  await hands.edit();
  await hands.commit(hands.editing()!, "[1,", "down");
  await hands.commit(hands.editing()!, "[1]", "down");
  expect([hands.editing(), sent]).toEqual([null, []]);
});

test("where one has gone on meanwhile, it is there when the cell is edited again", async () => {
  const { model, server } = testSheet([a!], [gridRow("r1", {}), gridRow("r2", {})]);
  const hands = createSheetHands(model);
  await hands.edit("x");
  server.down = new Error("gone");
  const kept = hands.commit(hands.editing()!, "typed", "down");
  await hands.edit("next");
  await kept;
  expect(hands.editing()).toMatchObject({ row: { row: "r2" }, text: "next" });
  hands.cancelEdit();
  model.select(selectionAt({ row: 0, column: 0 }));
  await hands.edit();
  expect(hands.editing()).toMatchObject({ row: { row: "r1" }, text: "typed" });
  hands.cancelEdit();
  await hands.edit();
  expect(hands.editing()).toMatchObject({ text: "" });
});

test("who types elsewhere by then is not called back either, nor loses what was typed", async () => {
  const { model, server, focus } = testSheet([a!], [gridRow("r1", {}), gridRow("r2", {})]);
  const hands = createSheetHands(model);
  await hands.edit("x");
  server.down = new Error("gone");
  const kept = hands.commit(hands.editing()!, "typed", "down");
  focus.isHere = false;
  await kept;
  expect(hands.editing()).toBeNull();
  expect(model.selection()).toEqual(selectionAt({ row: 1, column: 0 }));
  focus.isHere = true;
  model.select(selectionAt({ row: 0, column: 0 }));
  await hands.edit();
  expect(hands.editing()).toMatchObject({ row: { row: "r1" }, text: "typed" });
});

test("what could not be kept is not offered over what was entered since", async () => {
  const { model, server, rows } = testSheet([a!], [gridRow("r1", {})]);
  const hands = createSheetHands(model);
  await hands.edit("x");
  server.down = new Error("gone");
  await hands.commit(hands.editing()!, "typed", "stay");
  server.down = null;
  rows[0] = gridRow("r1", { a: [sheetCell("newer")] });
  await hands.edit();
  expect(hands.editing()).toMatchObject({ text: "newer", typed: false });
});

test("nor over another long text that begins as the one before", async () => {
  const answer = cellColumn("answer");
  const long = (length: number) => gridRow("r1", { answer: [sheetCell("begins", { length })] });
  const { model, server, rows } = testSheet([answer], [long(9_000)]);
  const hands = createSheetHands(model);
  await hands.edit("x");
  server.down = new Error("gone");
  await hands.commit(hands.editing()!, "typed", "stay");
  server.down = null;
  rows[0] = long(9_001);
  server.whole["r1 answer 0"] = { type: "string", value: "newer" };
  await hands.edit();
  expect(hands.editing()).toMatchObject({ text: "newer", typed: false });
});

test("an editor that waits for a long value does not open over what is typed elsewhere by then", async () => {
  const answer = cellColumn("answer");
  const long = gridRow("r1", { answer: [sheetCell("begins", { length: 9_000 })] });
  const { model, sent } = testSheet([answer, a!], [long, gridRow("r2", {})]);
  const read = Promise.withResolvers<Value>();
  const hands = createSheetHands({ ...model, value: () => read.promise });
  const opened = hands.edit();
  model.select(selectionAt({ row: 1, column: 1 }));
  await hands.edit("b");
  const typing = hands.editing()!;
  read.resolve({ type: "string", value: "long" });
  await opened;
  expect(hands.editing()).toBe(typing);
  await hands.commit(typing, "bcd", "stay");
  expect(sent.map(({ notes }) => notes)).toEqual([[label("s.a{s=r2}", "bcd")]]);
});

test.each(["on another cell", "out of the grid"])("nor where one is %s by then", async (where) => {
  const answer = cellColumn("answer");
  const long = gridRow("r1", { answer: [sheetCell("begins", { length: 9_000 })] });
  const { model, focus } = testSheet([answer], [long, gridRow("r2", {})]);
  const read = Promise.withResolvers<Value>();
  const hands = createSheetHands({ ...model, value: () => read.promise });
  const opened = hands.edit();
  if (where === "on another cell") model.select(selectionAt({ row: 1, column: 0 }));
  else focus.isHere = false;
  read.resolve({ type: "string", value: "long" });
  await opened;
  expect(hands.editing()).toBeNull();
});

test("what an editor says that is no longer open is not entered where another is", async () => {
  const { model, sent, select } = testSheet([a!], [gridRow("r1", {}), gridRow("r2", {})]);
  const hands = createSheetHands(model);
  await hands.edit("x");
  const gone = hands.editing()!;
  hands.cancelEdit();
  select({ top: 1, bottom: 1, left: 0, right: 0 });
  await hands.edit("y");
  const open = hands.editing();
  await hands.commit(gone, "xyz", "stay");
  expect([hands.editing(), sent]).toEqual([open, []]);
});

test("whatever a hand reads before it does something, what goes wrong is told", async () => {
  const answer = cellColumn("answer");
  const { model, server } = testSheet([a!, answer], []);
  const range = { top: 0, bottom: 0, left: 0, right: 1 };
  const hands = createSheetHands(model);
  for (const [index, does] of [
    () => hands.clear(),
    () => hands.goOn({ ...range, right: 0 }, range),
    () => hands.lock(range, true),
    () => hands.runRange(range, [answer]),
  ].entries()) {
    server.down = new Error(`gone ${index}`);
    await does();
    expect(shownToasts().at(-1)!.text).toContain(`gone ${index}`);
  }
});
