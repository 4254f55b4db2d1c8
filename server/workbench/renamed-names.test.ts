import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { wholeSheet } from "#server/notebook/sheet-view.ts";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "#server/runner/__fixtures__/test-workspace.ts";
import { notesPath } from "#server/runner/notes-file.ts";
import type { LiveNotebook } from "./live-notebook.ts";
import { openWorkspaceNotebooks, type WorkspaceNotebooks } from "./workspace-notebooks.ts";

const text = notebookText(
  "inputs:\n  message: { type: string, default: Hi }\n",
  fence("template greeting", "Hello {{ message }}"),
  fence("data tickets", "---\nkey: id\n---\nid,text\n1,one\n2,two\n3,three"),
  fence("template topic", "About {{ message }}"),
  fence(
    "sheet triage",
    `---\nrows: tickets\nwith: { message: =row.text }\ncolumns: [topic]\n---\n${fence("label right", "type: boolean")}`,
  ),
);

let workspace: TestWorkspace;
let notebooks: WorkspaceNotebooks;
let live: LiveNotebook;
let path: string;

beforeEach(async () => {
  workspace = await testWorkspace();
  await open();
  path = await notebooks.create("Renamed", text);
  live = await notebooks.open(path);
  await live.run({ scope: { type: "all" }, title: "all" }).done;
});
afterEach(async () => {
  await notebooks.close();
  await workspace[Symbol.asyncDispose]();
});

async function open(): Promise<void> {
  notebooks = await openWorkspaceNotebooks({
    runtime: workspace.runtime,
    examples: "public/examples",
    firstSequence: 1,
  });
}

async function restart(): Promise<void> {
  await notebooks.close();
  await workspace.restart();
  await open();
  live = await notebooks.open(path);
}

const rename = (cell: string, to: string) => live.apply([{ type: "rename", cell, to }]);
const locked = (): unknown =>
  Object.fromEntries([...live.session.state.overrides].map(([at, { value }]) => [at, value]));
const said = (): unknown => [...live.session.state.notes.keys()].toSorted();
const problems = (): unknown => live.session.diagnostics.filter(({ code }) => code.startsWith("notes."));
const hello = { type: "string", value: "Hello Hi" };

/** What is shown in the rows of a column. */
async function rows(sheet: string, column: string): Promise<unknown> {
  await live.run({ scope: { type: "all" }, title: "all" }).done;
  const found = (await live.session.sheetRows(sheet, wholeSheet, { from: 0, to: 3 }))!;
  return found.rows.map(
    ({ cells }) => (cells[column]![0]!.value as { readonly value?: unknown } | null)?.value ?? null,
  );
}

describe("what was said of a cell goes along with its name", () => {
  test("and back when the rename is undone, also after a restart", async () => {
    await live.note("lock", [{ address: "greeting", type: "locked" } as never]);
    await live.note("say", [{ address: "greeting", type: "comment", text: "Good.", author: "Ada" }]);
    const comments = live.session.state.notes.get("greeting")!.comments;
    await rename("greeting", "salute");
    expect([locked(), said(), problems()]).toEqual([{ salute: hello }, ["salute"], []]);
    expect(live.session.state.notes.get("salute")!.comments).toEqual(comments);
    await live.undo();
    expect([locked(), said(), problems()]).toEqual([{ greeting: hello }, ["greeting"], []]);
    await live.redo();
    expect([locked(), said(), problems()]).toEqual([{ salute: hello }, ["salute"], []]);
    await live.note("unlock", [{ address: "salute", type: "unlocked" }]);
    await live.undo();
    await restart();
    expect([locked(), said(), problems()]).toEqual([{ salute: hello }, ["salute"], []]);
  });

  test("and not to another cell that gets the name it had", async () => {
    await live.note("lock", [{ address: "greeting", type: "locked" } as never]);
    await rename("greeting", "salute");
    await live.apply([{ type: "insert", at: { after: "salute" }, text: fence("template greeting", "Bye") }]);
    expect(locked()).toEqual({ salute: hello });
    await live.undo();
    await live.undo();
    expect(locked()).toEqual({ greeting: hello });
  });

  test("over what was said of a cell of the new name that is gone, which is as it was when the rename is undone", async () => {
    const value = { type: "string", value: "Old" } as const;
    await live.note("edit", [{ address: "topic", type: "edited", value }]);
    await live.apply([{ type: "remove", cell: "triage" }]);
    await live.apply([{ type: "remove", cell: "topic" }]);
    await rename("greeting", "topic");
    expect([locked(), said(), problems()]).toEqual([{}, [], []]);
    await live.note("lock", [{ address: "topic", type: "locked", value: hello } as never]);
    expect(locked()).toEqual({ topic: hello });
    for (let steps = 0; steps < 4; steps += 1) await live.undo();
    expect(locked()).toEqual({ topic: value });
  });

  test("in the rows of a sheet, whether the cell is renamed, the sheet, or the cell of a column", async () => {
    const label = (row: number, value: boolean) =>
      ({ address: `triage.right{triage=${row}}`, type: "label", value }) as const;
    const edited = { type: "edited", value: { type: "string", value: "By hand" } } as const;
    await live.note("label", [label(1, true), label(3, false), { address: "triage.topic{triage=2}", ...edited }]);
    await rename("triage.right", "verdict");
    expect(await rows("triage", "verdict")).toEqual([true, null, false]);
    await rename("triage", "a_sheet");
    expect(await rows("a_sheet", "verdict")).toEqual([true, null, false]);
    await rename("topic", "subject");
    expect(await rows("a_sheet", "subject")).toEqual(["About one", "By hand", "About three"]);
    expect(said()).toEqual(["a_sheet.subject{a_sheet=2}", "a_sheet.verdict{a_sheet=1}", "a_sheet.verdict{a_sheet=3}"]);
    for (let steps = 0; steps < 3; steps += 1) await live.undo();
    expect(await rows("triage", "right")).toEqual([true, null, false]);
    expect(await rows("triage", "topic")).toEqual(["About one", "By hand", "About three"]);
    expect(problems()).toEqual([]);
  });

  test("by one line that is appended to the notes, and by none where nothing was said", async () => {
    const notes = notesPath(join(workspace.folder, path));
    await rename("topic", "subject");
    await expect(readFile(notes)).rejects.toMatchObject({ code: "ENOENT" });
    await live.note("lock", [{ address: "greeting", type: "locked" } as never]);
    const before = await readFile(notes, "utf8");
    await rename("greeting", "salute");
    const after = await readFile(notes, "utf8");
    expect(after.startsWith(before)).toBe(true);
    expect(JSON.parse(after.slice(before.length))).toMatchObject({ type: "renamed", from: "greeting", to: "salute" });
  });

  test("also what was said by a clock that is ahead", async () => {
    workspace.ahead = 3_600_000;
    await live.note("lock", [{ address: "greeting", type: "locked" } as never]);
    workspace.ahead = 0;
    await restart();
    await rename("greeting", "salute");
    expect(locked()).toEqual({ salute: hello });
    await live.note("unlock", [{ address: "salute", type: "unlocked" }]);
    await restart();
    expect(locked()).toEqual({});
  });
});

describe("what was given to an input goes along with its name", () => {
  const given = () => live.session.givenInputs();

  test("and back when the rename is undone", async () => {
    await live.setInputs({ message: "Mine" });
    await rename("message", "question");
    expect(given()).toEqual({ question: "Mine" });
    await live.run({ scope: { type: "cells", cells: ["greeting"] }, title: "greeting" }).done;
    expect(live.session.shown("greeting")!.value).toEqual({ type: "string", value: "Hello Mine" });
    await live.undo();
    expect(given()).toEqual({ message: "Mine" });
    await live.redo();
    expect(given()).toEqual({ question: "Mine" });
  });

  test("and what an input of the new name was given that is gone does not come back by it", async () => {
    const declare = (value: object | undefined) =>
      live.apply([{ type: "set-front-matter", path: ["inputs", "old"], value: value as never }]);
    await declare({ type: "string", default: "" });
    await live.setInputs({ old: "Another's" });
    await declare(undefined);
    await rename("message", "old");
    expect(given()).toEqual({ old: "Hi" });
  });

  test("and so do the cases, also after a restart", async () => {
    await live.keepCase("late", { message: "My card is late" });
    await live.keepCase("gone", { message: "Gone" });
    await live.keepCase("gone", null);
    await rename("message", "question");
    expect([...live.session.cases()]).toEqual([["late", { question: "My card is late" }]]);
    await live.keepCase("stolen", { question: "It was stolen" });
    await restart();
    expect([...live.session.cases()]).toEqual([
      ["late", { question: "My card is late" }],
      ["stolen", { question: "It was stolen" }],
    ]);
    await rename("question", "message");
    expect([...live.session.cases().values()]).toEqual([{ message: "My card is late" }, { message: "It was stolen" }]);
    await live.undo();
    expect([...live.session.cases().values()]).toEqual([
      { question: "My card is late" },
      { question: "It was stolen" },
    ]);
  });
});

test("a rename leaves the column that the rows have beside the cell of its name", async () => {
  await notebooks.close();
  await open();
  path = await notebooks.create(
    "Columns",
    notebookText(
      "",
      fence("data answers", "id,score\n1,2"),
      fence(
        "sheet graded",
        `---\nrows: answers\n---\n${fence("js score", "return row.score")}\n${fence("js other", "return 1")}`,
      ),
      fence("sql best", "select score, other from graded"),
    ),
  );
  live = await notebooks.open(path);
  await live.run({ scope: { type: "all" }, title: "all" }).done;
  expect((await rename("graded.score", "points")).warnings).toEqual([]);
  await rename("graded.other", "one");
  expect(live.session.state.notebook.text).toContain("select score, one as other from graded");
});
