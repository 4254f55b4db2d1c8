import { expect, test, vi } from "vitest";
import { cellColumn, gridRow, labelColumn, sheetCell, testSheet } from "./__fixtures__/test-sheet.ts";
import { shownToasts } from "../ui/toasts.ts";
import { createSheetClipboard } from "./sheet-clipboard.ts";
import { createSheetEntries } from "./sheet-entries.ts";
import type { SheetModel } from "./sheet-model.ts";

const label = (address: string, value: string | null) => ({ address, type: "label", value });
const one = (row: number, column: number) => ({ top: row, bottom: row, left: column, right: column });

/** A clipboard, and what another program would put there. */
function clipboardOf(model: SheetModel, text = "") {
  let data = text;
  const event = {
    preventDefault() {},
    clipboardData: { setData: (_: string, value: string) => (data = value), getData: () => data },
  } as unknown as ClipboardEvent;
  const clipboard = createSheetClipboard(model, createSheetEntries(model));
  return { cut: () => clipboard.copy(event, true), paste: () => clipboard.paste(event) };
}

test("what was cut is taken away from its row and column, wherever they stand when it is pasted", async () => {
  const [a, b] = ["a", "b"].map(labelColumn);
  const columns = [a!, b!];
  const { model, rows, sent, select } = testSheet(columns, [
    gridRow("r1", { a: [sheetCell("one")] }),
    gridRow("r2", { a: [sheetCell("two")], b: [sheetCell("three")] }),
    gridRow("r3", {}),
  ]);
  const { cut, paste } = clipboardOf(model);
  cut();
  // Let what is cut be read.
  await Promise.resolve();
  rows.reverse();
  columns.reverse();
  select(one(0, 1));
  paste();
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]!.notes).toEqual([label("s.a{s=r1}", null), label("s.a{s=r3}", "one")]);
});

test.each(["at once", "later"])("a cut that is refused leaves a copy that can be pasted, %s", async (when) => {
  const { model, server, old, sent, select } = testSheet(
    [labelColumn("a")],
    [gridRow("r1", { a: [sheetCell("one")] }), gridRow("r2", {})],
  );
  model.rows.isSeen = () => true;
  const { cut, paste } = clipboardOf(model);
  old.add(0);
  server.order = "other";
  cut();
  const told = vi.waitFor(() => expect(shownToasts().at(-1)!.text).toContain("other rows stand"));
  if (when === "later") await told;
  select(one(1, 0));
  paste();
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]!.notes).toEqual([label("s.a{s=r2}", "one")]);
  await told;
});

test("what was cut and is refused where it is pasted is taken away when it is pasted where it fits", async () => {
  const columns = [labelColumn("a"), cellColumn("right", { kind: "score" })];
  const { model, sent, select } = testSheet(columns, [gridRow("r1", { a: [sheetCell("one")] }), gridRow("r2", {})]);
  const { cut, paste } = clipboardOf(model);
  cut();
  select(one(0, 1));
  paste();
  await vi.waitFor(() => expect(shownToasts().at(-1)!.text).toContain("is no score for right"));
  expect(sent).toHaveLength(0);
  select(one(1, 0));
  paste();
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]!.notes).toEqual([label("s.a{s=r1}", null), label("s.a{s=r2}", "one")]);
});

test("of what is cut and pasted over itself nothing is taken away", async () => {
  const { model, sent } = testSheet([labelColumn("a")], [gridRow("r1", { a: [sheetCell("one")] })]);
  const { cut, paste } = clipboardOf(model);
  cut();
  paste();
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]!.notes).toEqual([label("s.a{s=r1}", "one")]);
});

test("a field that is cut into another of its answer is there", async () => {
  const fields = ["name", "other"].map((field) => cellColumn("topic", { field }));
  const json = (value: { readonly [field: string]: string }) => ({ type: "json", value }) as const;
  const { model, sent, select } = testSheet(fields, [
    gridRow("r1", { topic: [sheetCell(json({ name: "A", other: "" }))] }),
  ]);
  const { cut, paste } = clipboardOf(model);
  cut();
  select(one(0, 1));
  paste();
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]!.notes).toEqual([
    { address: "s.topic{s=r1}", type: "edited", value: json({ name: "A", other: "A" }) },
  ]);
});

test.each([
  ["a\tb\nc", ["a", "b", "c", null]],
  ["a\nb\tc", ["a", null, "b", "c"]],
])("lines of unequal length are as long as the longest: %j", async (text, texts) => {
  const columns = ["a", "b"].map(labelColumn);
  const { model, sent } = testSheet(columns, [gridRow("r1", {}), gridRow("r2", {})]);
  clipboardOf(model, text).paste();
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  const addresses = ["s.a{s=r1}", "s.b{s=r1}", "s.a{s=r2}", "s.b{s=r2}"];
  expect(sent[0]!.notes).toEqual(addresses.map((address, index) => label(address, texts[index]!)));
});
