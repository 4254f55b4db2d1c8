import { afterAll, beforeAll, expect, test } from "vitest";
import { fence, notebookText } from "#server/runner/__fixtures__/test-workspace.ts";
import { wholeSheet, type SheetView } from "#server/notebook/sheet-view.ts";
import { testApi, type TestApi } from "./__fixtures__/test-api.ts";

const long = `${"a long text ".repeat(100)}end`;
const text = notebookText(
  "inputs:\n  message: { type: string, default: Hi }\n  size: { type: number, default: 1 }\n",
  fence("data tickets", `---\nkey: id\n---\nid,text\n1,one\n2,two\n3,${long}`),
  fence("prompt topic", "---\nmodels: [echo/text, echo/upper]\n---\nAbout {{ message }}"),
  fence(
    "sheet triage",
    [
      "---\nrows: tickets\nwith: { message: =row.text, size: =row.text | length }\ncolumns: [topic]\n---",
      fence("score short", "---\noutput: =topic\n---\n- contains: One"),
      fence("label right", "type: boolean"),
    ].join("\n"),
  ),
);

let api: TestApi;
let path: string;
const at = () => ({ path, sheet: "triage" });

beforeAll(async () => {
  api = await testApi();
  path = await api.notebooks.create("Triage", text);
  const { session } = await api.notebooks.open(path);
  // What runs by itself at opening gives the rows.
  while ((await session.sheetRows("triage", wholeSheet, { from: 0, to: 1 })) === null)
    await new Promise((resolve) => setTimeout(resolve, 20));
  await session.run({ type: "cells", cells: ["triage"] }).done;
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const topics = async (view: SheetView): Promise<readonly unknown[]> => {
  const page = await api.caller.sheet.rows({ ...at(), view, from: 0, to: 10, columns: [], cells: ["topic"] });
  return page!.rows.map(({ cells }) => (cells["topic"]![1]!.value as { readonly value: string }).value.slice(0, 9));
};

test("rows come filtered and sorted, with the columns and cells that are asked for", async () => {
  expect(await topics(wholeSheet)).toEqual(["ABOUT ONE", "ABOUT TWO", "ABOUT A L"]);
  const column = { type: "row", column: "text" } as const;
  expect(await topics({ ...wholeSheet, filters: [{ type: "contains", column, text: "o" }] })).toHaveLength(3);
  expect(await topics({ ...wholeSheet, sort: [{ column, descending: true }] })).toEqual([
    "ABOUT TWO",
    "ABOUT ONE",
    "ABOUT A L",
  ]);
});

test("figures of a column, a comparison of two variants and the rows of a filter are told", async () => {
  const cell = { type: "cell", cell: "short", at: { model: "echo/upper" } } as const;
  expect(await api.caller.sheet.column({ ...at(), view: wholeSheet, column: cell })).toMatchObject({ count: 3 });
  const [first, second] = [{ model: "echo/text" }, { model: "echo/upper" }];
  const compared = await api.caller.sheet.compare({ ...at(), view: wholeSheet, cell: "short", first, second });
  expect(compared).toMatchObject({ n: 3, rows: 3 });
  const filter = { type: "is", column: { type: "row", column: "id" }, value: 2 } as const;
  expect(await api.caller.sheet.found({ ...at(), view: wholeSheet, scope: filter })).toEqual({ total: 1, rows: ["2"] });
});

test("what pages have in short is had whole", async () => {
  expect(await api.caller.sheet.whole({ ...at(), column: "text", rows: ["3", "1", "9"] })).toEqual([long, "one", null]);
  const cell = { ...at(), cell: "topic", at: { model: "echo/text" } };
  expect(await api.caller.sheet.cell({ ...cell, row: "3" })).toMatchObject({
    value: { type: "string", value: `About ${long}` },
  });
  expect(await api.caller.sheet.cell({ ...cell, row: "9" })).toBeNull();
});

test("a row gives what it binds the inputs to", async () => {
  expect(await api.caller.sheet.rowInputs({ ...at(), row: "2" })).toEqual({ message: "two", size: 3 });
  await expect(api.caller.sheet.rowInputs({ ...at(), row: "9" })).rejects.toMatchObject({
    cause: { code: "sheet.no-row" },
  });
});

test("a row gives inputs also what cells make of it, of those with axes the chosen variant, and says what is missing", async () => {
  const bound = await api.notebooks.create(
    "Bound",
    [
      "---\nsheaf: 1\ninputs: { a: string, b: string }\nchoose: { tone: cold }\n---",
      "```data rows\n---\nkey: id\n---\nid,text\n1,one\n2,two\n```",
      "```template word\n---\nvary: { tone: [warm, cold] }\n---\n{{ vary.tone }}\n```",
      "```js bad\nif (word) throw new Error('no')\n```",
      "````sheet every\n---\nrows: rows\nwith:\n  a: =word ~ row.text\n---\n```template told\n{{ a }}\n```\n````",
      "````sheet few\n---\nrows: rows\nwith:\n  b: =bad\n---\n```template told\n{{ b }}\n```\n````",
    ].join("\n\n"),
  );
  const { session } = await api.notebooks.open(bound);
  await session.run({ type: "stale" }).done;
  const inputsIn = (sheet: string) => api.caller.sheet.rowInputs({ path: bound, sheet, row: "2" });
  expect(await inputsIn("every")).toEqual({ a: "coldtwo" });
  await expect(inputsIn("few")).rejects.toMatchObject({
    cause: { code: "sheet.no-value", message: "`b` has no value in this row: it waits for `bad`" },
  });
});

test("words on many results are one step of the history", async () => {
  const notes = ["1", "2"].map((row) => ({ address: `triage.right{triage=${row}}`, type: "label", value: true }));
  await api.caller.sheet.note({ path, title: "labelling 2", notes });
  const right = async (): Promise<number> =>
    (await api.caller.sheet.column({ ...at(), view: wholeSheet, column: { type: "cell", cell: "right", at: {} } }))!
      .count;
  expect(await right()).toBe(2);
  expect(await api.caller.notebook.undo({ path })).toEqual({ title: "labelling 2", cell: "triage.right" });
  expect(await right()).toBe(0);
});

test("as many words can be said at once as cells can be copied", async () => {
  const rows = ["1", ...Array.from({ length: 20_000 }, (_, index) => `gone ${index}`)];
  const notes = rows.map((row) => ({
    address: `triage.right{triage=${JSON.stringify(row)}}`,
    type: "label",
    value: true,
  }));
  await api.caller.sheet.note({ path, title: "labelling many", notes });
  const { session } = await api.notebooks.open(path);
  expect(session.state.notes.get(notes.at(-1)!.address)).toMatchObject({ label: true });
  const tooMany = Array.from({ length: 200_001 }, () => notes[0]!);
  await expect(api.caller.sheet.note({ path, title: "", notes: tooMany })).rejects.toMatchObject({
    code: "BAD_REQUEST",
  });
});

test("a view that is none is refused with what is wrong", async () => {
  const view = { ...wholeSheet, filters: [{ type: "is", column: { type: "row" }, value: 1 }] } as never;
  await expect(api.caller.sheet.rows({ ...at(), view, from: 0, to: 1 })).rejects.toMatchObject({ code: "BAD_REQUEST" });
  const gone = { type: "empty", column: { type: "row", column: "gone" } } as const;
  await expect(
    api.caller.sheet.rows({ ...at(), view: { ...wholeSheet, filters: [gone] }, from: 0, to: 1 }),
  ).rejects.toMatchObject({ cause: { code: "sheet.column" } });
});
