import { readFile, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wholeSheet } from "#server/notebook/sheet-view.ts";
import { memoryNotes, notesPath, openNotesFile } from "./notes-file.ts";
import type { Session } from "./session.ts";
import { fence, fresh, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const text = (value: string) => ({ type: "string", value }) as const;
const chain = (source = "Greet Ada"): string =>
  notebookText(
    "",
    fence("prompt greeting", `---\nmodel: server/small\n---\n${source}`),
    fence("template letter", "{{ greeting }}!"),
  );

const sheet = (source = "About {{ message }}"): string =>
  notebookText(
    "inputs:\n  message: { type: string, default: Hi }\n",
    fence("data tickets", "---\nkey: id\n---\nid,text\n1,one\n2,two\n3,three"),
    fence("prompt topic", `---\nmodel: server/small\n---\n${source}`),
    fence(
      "sheet triage",
      [
        "---\nrows: tickets\nwith: { message: =row.text }\ncolumns: [topic]\n---",
        fence("label right", "type: boolean"),
        fence("template line", "{{ topic }}!"),
      ].join("\n"),
    ),
    fence("test gate", "mean(triage.right) >= 0.5"),
    fence("sql lines", "from triage.line"),
  );

const lines = async (session: Session): Promise<readonly unknown[]> => {
  const { value } = session.shown("lines")!;
  if (value?.type !== "table") throw new Error("no table");
  const at = value.value.columns.findIndex(({ name }) => name === "line");
  return (await workspace.runtime.tables.rows(value.value, 0, 10)).map((row) => row[at]);
};

describe("work of people outside sheets", () => {
  test("an edited value stands before the result: readers take it, no run computes it again, and taken back the result below is there", async () => {
    const session = await workspace.open(chain());
    await session.run({ type: "stale" }).done;
    workspace.sent();
    await session.note({ address: "greeting", type: "edited", value: text("Dear Ada") });
    expect([fresh(session, "greeting"), fresh(session, "letter")]).toEqual(["edited", "stale: greeting"]);
    await session.run({ type: "all" }).done;
    expect([shown(session, "greeting"), shown(session, "letter")]).toEqual(["Dear Ada", "Dear Ada!"]);
    await session.note({ address: "greeting", type: "restored" });
    expect([fresh(session, "greeting"), shown(session, "greeting")]).toEqual(["current", "<Greet Ada>"]);
    expect(fresh(session, "letter")).toBe("stale: greeting");
    await session.run({ type: "stale" }).done;
    expect(shown(session, "letter")).toBe("<Greet Ada>!");
    expect(workspace.sent()).toEqual([]);
  });

  test("a locked value is the one that was shown and stays whatever it depends on; unlocked it is stale or current by its key again", async () => {
    const session = await workspace.open(chain());
    await expect(session.note({ address: "greeting", type: "locked" })).rejects.toMatchObject({
      code: "notes.nothing-shown",
    });
    await session.run({ type: "stale" }).done;
    workspace.sent();
    await session.note({ address: "greeting", type: "locked" });
    await session.setText(chain("Welcome Ada"));
    expect([fresh(session, "greeting"), fresh(session, "letter")]).toEqual(["locked", "current"]);
    await session.run({ type: "all" }).done;
    expect(workspace.sent()).toEqual([]);
    expect(shown(session, "letter")).toBe("<Greet Ada>!");
    await session.note({ address: "greeting", type: "unlocked" });
    expect([fresh(session, "greeting"), fresh(session, "letter")]).toEqual(["stale: source", "stale: greeting"]);
    await session.setText(chain());
    expect([fresh(session, "greeting"), fresh(session, "letter")]).toEqual(["current", "current"]);
  });

  test("scores of people and comments are kept at their address and change no value", async () => {
    const session = await workspace.open(chain());
    await session.run({ type: "stale" }).done;
    await session.note({ address: "greeting", type: "score", name: "tone", score: 0.5, author: "Ada" });
    await session.note({ address: "greeting", type: "comment", text: "too short" });
    expect(session.state.notes.get("greeting")).toMatchObject({
      scores: { tone: { score: 0.5 } },
      comments: [{ text: "too short" }],
    });
    expect(fresh(session, "greeting")).toBe("current");
  });

  test("a note that fits nothing in the notebook is refused, and nothing is kept", async () => {
    const notes = memoryNotes();
    const session = await workspace.open(chain(), { notes });
    const refused = session.note({ address: "gone", type: "comment", text: "?" });
    await expect(refused).rejects.toMatchObject({ code: "notes.address" });
    await expect(session.note({ address: "greeting", type: "label", value: 1 })).rejects.toMatchObject({
      code: "label.type",
    });
    expect(await notes.read()).toBe("");
  });
});

describe("work of people in sheets", () => {
  test("labels are typed by their cell, and aggregates see them", async () => {
    const session = await workspace.open(sheet());
    await session.note({ address: "triage.right{triage=1}", type: "label", value: true });
    await session.run({ type: "stale" }).done;
    const gate = (): unknown => session.shown("gate")!.value;
    expect(gate()).toMatchObject({
      value: { lines: [{ sides: ["1 (n 1 of 3, 2 unscored, over 3 rows of triage)", "0.5"] }] },
    });
    await expect(
      session.note({ address: "triage.right{triage=2}", type: "label", value: "yes" }),
    ).rejects.toMatchObject({ code: "label.type", cure: "Enter a boolean." });
    for (const row of ["2", "3"])
      await session.note({ address: `triage.right{triage=${row}}`, type: "label", value: false });
    expect(fresh(session, "gate")).toBe("stale: triage.right");
    await session.run({ type: "stale" }).done;
    expect(gate()).toMatchObject({
      value: { verdict: "fail", lines: [{ sides: ["0.3333 (n 3 of 3, over 3 rows of triage)", "0.5"] }] },
    });
  });

  test("a label whose type is none takes nothing, and says what its type may be", async () => {
    const session = await workspace.open(sheet().replace("type: boolean", "type: text"));
    await expect(
      session.note({ address: "triage.right{triage=1}", type: "label", value: "yes" }),
    ).rejects.toMatchObject({
      code: "label.type",
      message: 'the label `right` is of no type there is: "text"',
      cure: "Let its `type` be string, number, boolean, json, or a list of labels.",
    });
  });

  test("an edited row stands before its result also where the sheet is open, is never sent again, and taken back its result returns", async () => {
    const session = await workspace.open(sheet());
    await session.run({ type: "stale" }).done;
    expect(await lines(session)).toEqual(["<About one>!", "<About two>!", "<About three>!"]);
    await session.note({ address: "triage.topic{triage=2}", type: "edited", value: text("second") });
    await session.note({ address: "triage.topic{triage=3}", type: "locked" });
    await session.setText(sheet("On {{ message }}"));
    workspace.sent();
    await session.run({ type: "stale" }).done;
    // The same prompt at the notebook's own input, and the one row that is nobody's.
    expect(workspace.sent()).toEqual(["On Hi", "On one"]);
    expect(await lines(session)).toEqual(["<On one>!", "second!", "<About three>!"]);
    await session.note({ address: "triage.topic{triage=2}", type: "restored" });
    await session.note({ address: "triage.topic{triage=3}", type: "unlocked" });
    await session.setText(sheet());
    await session.run({ type: "stale" }).done;
    expect(await lines(session)).toEqual(["<About one>!", "<About two>!", "<About three>!"]);
    expect(workspace.sent()).toEqual([]);
  });
});

describe("the notes file", () => {
  test("stands beside the notebook, is only appended to, and holds after a restart", async () => {
    const path = notesPath(join(workspace.folder, "triage.md"));
    expect(path).toBe(join(workspace.folder, "triage.notes.jsonl"));
    const open = () => workspace.open(sheet(), { path: "triage.md", notes: openNotesFile(path) });
    const session = await open();
    await session.run({ type: "stale" }).done;
    await session.note({ address: "triage.topic{triage=1}", type: "edited", value: text("first") });
    const before = await readFile(path, "utf8");
    await writeFile(path, `${before}{"cut off`);
    await session.note({ address: "triage.right{triage=1}", type: "label", value: true });
    const after = await readFile(path, "utf8");
    expect(after.startsWith(`${before}{"cut off\n{`)).toBe(true);

    await workspace.restart();
    workspace.sent();
    const again = await open();
    expect(again.diagnostics).toMatchObject([
      { severity: "warning", code: "notes.line", message: "in the notes, line 2: this line is no note: it is no JSON" },
    ]);
    await again.run({ type: "stale" }).done;
    expect(await lines(again)).toEqual(["first!", "<About two>!", "<About three>!"]);
    expect(workspace.sent()).toEqual([]);
  });

  test("notes on a cell that is gone are kept, and reported", async () => {
    const notes = memoryNotes();
    const session = await workspace.open(chain(), { notes });
    await session.run({ type: "stale" }).done;
    await session.note({ address: "greeting", type: "edited", value: text("Dear Ada") });
    await session.setText(chain().replaceAll("greeting", "salute"));
    expect(session.diagnostics).toMatchObject([
      { severity: "warning", code: "notes.address", message: "there are notes on `greeting`, and no such cell" },
    ]);
    await session.setText(chain());
    expect([session.diagnostics, fresh(session, "greeting")]).toEqual([[], "edited"]);
  });
});

describe("many words at once", () => {
  const address = (row: number): string => `triage.right{triage=${row}}`;

  test("are all kept and applied, and none where one of them does not fit", async () => {
    const notes = memoryNotes();
    const session = await workspace.open(sheet(), { notes });
    await session.run({ type: "cells", cells: ["triage"] }).done;
    const right = [1, 2].map((row) => ({ address: address(row), type: "label", value: true }) as const);
    await expect(session.note(...right, { address: address(3), type: "label", value: "maybe" })).rejects.toMatchObject({
      code: "label.type",
    });
    expect(await notes.read()).toBe("");
    await session.note(...right);
    expect((await notes.read()).trimEnd().split("\n")).toHaveLength(2);
    const { rows } = (await session.sheetRows("triage", wholeSheet, { from: 0, to: 3 }))!;
    expect(rows.map(({ cells }) => cells["right"]![0]?.value)).toEqual([
      { type: "boolean", value: true },
      { type: "boolean", value: true },
      { type: "null" },
    ]);
  });

  test("lock a table with its rows, for no clone has the file they are in", async () => {
    const many = (count: number) =>
      notebookText(
        "",
        fence("sql many", `select i as n, i::decimal(9,2) as price from range(${count}) r(i)`),
        fence("sql total", `select sum(n) as total from many`),
      );
    const notes = memoryNotes();
    const first = await workspace.open(many(2_000), { notes });
    await first.run({ type: "all" }).done;
    await first.note({ address: "many", type: "locked" });
    const before = first.shown("many")!.value;
    if (before?.type !== "table") throw new Error("no table");
    expect(before.value).not.toHaveProperty("rows");
    await unlink(join(workspace.folder, ".sheaf/state/tables", `${before.value.hash}.parquet`));
    const second = await workspace.open(many(3), { notes });
    await second.run({ type: "all" }).done;
    expect(second.diagnostics).toEqual([]);
    expect(second.shown("many")!.value).toEqual(before);
    expect(second.shown("total")!.value).toMatchObject({ value: { rows: [[1_999_000]] } });
    await second.note({ address: "many", type: "unlocked" });
    await second.setText(many(10_001));
    await second.run({ type: "all" }).done;
    await expect(second.note({ address: "many", type: "locked" })).rejects.toMatchObject({
      code: "notes.too-large",
      message: "the table at many has 10,001 rows, and a note keeps at most 10,000 rows and 1,000,000 characters",
    });
  });

  test("lock what is shown, each its own value", async () => {
    const session = await workspace.open(sheet());
    await session.run({ type: "cells", cells: ["triage"] }).done;
    await session.note(
      ...[1, 2, 3].map((row) => ({ address: `triage.topic{triage=${row}}`, type: "locked" }) as const),
    );
    await session.setText(sheet("Otherwise {{ message }}"));
    const { rows } = (await session.sheetRows("triage", wholeSheet, { from: 0, to: 3 }))!;
    expect(rows.map(({ cells: { topic } }) => [topic![0]!.freshness.state, topic![0]!.value])).toEqual(
      ["one", "two", "three"].map((word) => ["locked", text(`<About ${word}>`)]),
    );
    await expect(
      session.note(...[1, 9].map((row) => ({ address: `triage.line{triage=${row}}`, type: "locked" }) as const)),
    ).rejects.toMatchObject({ code: "notes.nothing-shown" });
  });
});
