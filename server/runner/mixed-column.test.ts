import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wholeSheet } from "#server/notebook/sheet-view.ts";
import type { Session } from "./session.ts";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const over = (rows: string, configuration = "", read = "row.v"): string =>
  notebookText(
    "",
    rows,
    fence(
      "sheet s",
      `---\nrows: d\n${configuration}---\n${fence("prompt answer", `---\nmodel: server/small\n---\n{{ ${read} }}`)}\n${fence("label good", "---\ntype: boolean\n---\n")}`,
    ),
  );

/** A row's answer, and what was said of it by hand. */
async function shown(session: Session): Promise<readonly unknown[]> {
  const { rows } = (await session.sheetRows("s", wholeSheet, { from: 0, to: 9 }))!;
  return rows.map(({ cells }) => ["answer", "good"].map((name) => plain(cells[name]![0]?.value)));
}

function plain(value: unknown): unknown {
  return (value as { readonly value?: unknown } | null | undefined)?.value ?? null;
}

/** Says something of the first two rows by hand, and gives a third that makes the column a mixed one. */
async function widened(text: (third: string) => string, third: string): Promise<Session> {
  const session = await workspace.open(text(""), { trusted: true });
  await session.run({ type: "stale" }).done;
  const [first, second] = (await session.sheetRows("s", wholeSheet, { from: 0, to: 9 }))!.rows;
  await session.note({ type: "label", address: `s.good{s=${first!.row}}`, value: true });
  await session.note({
    type: "edited",
    address: `s.answer{s=${second!.row}}`,
    value: { type: "string", value: "by hand" },
  } as never);
  await session.setText(text(third));
  await session.settle();
  return session;
}

describe("where a value makes a column of texts a mixed one, a row stays the row it was", () => {
  const data = (key: string) => (third: string) =>
    fence("data d", `---\nformat: json\n${key}---\n[{"v":"a"},{"v":"b \\"é\\""}${third}]`);
  const list = (third: string): string => fence("js d", `return ["a", "b"${third}]`);

  test.each([
    ["by the key of its data", (third: string) => over(data("key: v\n")(third)), ',{"v":3}'],
    ["by the key of the sheet", (third: string) => over(data("")(third), "key: v\n"), ',{"v":{"x":1}}'],
    ["by what the sheet reads of it", (third: string) => over(data("")(third)), ',{"v":3}'],
    ["as an element that is the key", (third: string) => over(list(third), "key: item\n", "item"), ", 3"],
    ["as an element", (third: string) => over(list(third), "", "item"), ", { x: 1 }"],
  ])("%s", async (_, text, third) => {
    const session = await widened(text, third);
    const rows = await shown(session);
    expect(rows.map((row) => (row as unknown[])[1])).toEqual([true, null, null]);
    expect((rows[1] as unknown[])[0]).toBe("by hand");
    const found = await session.sheetFreshness("s", { exact: true });
    expect(found?.columns["answer"]?.[0]?.counts).toEqual({ current: 1, edited: 1, never: 1 });
  });
});

test("a text and a number of the same digits are one key", async () => {
  const rows = (key: string): string => fence("data d", `---\nformat: json\n${key}---\n[{"v":"3"},{"v":3}]`);
  const own = await workspace.open(over(rows("key: v\n")), { trusted: true });
  await own.settle();
  expect(own.shown("d")!.error).toMatchObject({ code: "data.duplicate-key" });
  const session = await workspace.open(over(rows(""), "key: v\n"), { trusted: true });
  await session.settle();
  expect(await session.sheetRows("s", wholeSheet, { from: 0, to: 9 }).catch(({ code }) => code)).toBe(
    "sheet.duplicate-key",
  );
});
