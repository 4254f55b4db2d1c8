import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { wholeSheet } from "#server/notebook/sheet-view.ts";
import { fence, fresh, notebookText, shown, testWorkspace, type TestWorkspace } from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());
beforeEach(() => {
  workspace.script = null;
  workspace.sent();
});

const asked = (source: string, configuration = "repeat: 2\nreduce: majority"): string =>
  fence("prompt topic", `---\nmodel: server/small\n${configuration}\n---\n${source}`);
const mail = fence("template mail", "{{ topic }}!");

test("a repeat that fails is the cell's own error, at its place, and readers are blocked by the cell", async () => {
  workspace.script = () => ({ text: "no such parameter", status: 400 });
  const session = await workspace.open(notebookText("", asked("why"), mail));
  await session.run({ type: "stale" }).done;
  const { error, outcome, because } = session.shown("topic")!;
  expect({ outcome, because }).toEqual({ outcome: "error", because: [] });
  expect(error).toMatchObject({ message: expect.stringContaining("no such parameter"), position: { line: 7 } });
  expect(session.shown("mail")).toMatchObject({ outcome: "blocked", because: ["topic"] });
});

test("an error that has become another is told anew, and a value takes its place", async () => {
  workspace.script = () => ({ text: "no such parameter", status: 400 });
  const session = await workspace.open(notebookText("", asked("when"), mail));
  await session.run({ type: "stale" }).done;
  workspace.script = () => ({ text: "no such account", status: 401 });
  await session.run({ type: "stale" }, { retryErrors: true }).done;
  expect(session.shown("topic")!.error!.message).toContain("no such account");
  workspace.script = null;
  await session.run({ type: "stale" }, { retryErrors: true }).done;
  expect([shown(session, "mail"), fresh(session, "topic")]).toEqual(["<when>!", "current"]);
});

test("in rows it is the error of the row's own cell", async () => {
  workspace.script = (prompt) => (prompt.endsWith("2") ? { text: "no such parameter", status: 400 } : "good");
  const session = await workspace.open(
    notebookText(
      "",
      fence("data people", "---\nkey: id\n---\nid\n1\n2"),
      fence("sheet whole", `---\nrows: people\n---\n${asked("{{ row.id }}")}\n${mail}`),
    ),
  );
  await session.run({ type: "stale" }).done;
  const states = (await session.rowStates("whole", 0, 2))!;
  expect([states["topic"]!, states["mail"]!].map((row) => row.map(({ outcome }) => outcome))).toEqual([
    ["ok", "error"],
    ["ok", "blocked"],
  ]);
  const cells = (await session.sheetRows("whole", wholeSheet, { from: 1, to: 2 }))!.rows[0]!.cells;
  expect(cells["topic"]![0]!.error).toMatchObject({ position: { line: 20 } });
  expect(cells["mail"]![0]!.error!.message).toBe("blocked by `topic`");
});

test("repeats that are blocked block the cell by what blocks them", async () => {
  const session = await workspace.open(
    notebookText("", fence("js broken", "throw new Error('no luck')"), asked("{{ broken }}"), mail),
  );
  await session.run({ type: "stale" }).done;
  expect(session.shown("topic")).toMatchObject({ outcome: "blocked", because: ["broken"] });
  expect(session.shown("mail")).toMatchObject({ outcome: "blocked", because: ["topic"] });
});

test("a cell alone is run with its repeats", async () => {
  const session = await workspace.open(notebookText("", asked("who")));
  await session.run({ type: "only", cell: "topic" }).done;
  expect([shown(session, "topic"), workspace.sent()]).toEqual(["<who>", ["who", "who"]]);
});

test("a word that `reduce` does not know is told at its line before anything is sent", async () => {
  const session = await workspace.open(notebookText("", asked("what", "repeat: 2\nreduce: frob"), mail));
  const unknown = {
    code: "reduce.unknown",
    message: "`reduce: frob` is not known",
    cure: "There are `mean`, `majority` and `pass@k` with a number, as in `pass@3`.",
    position: { line: 9, column: 9 },
  };
  expect(session.diagnostics).toMatchObject([{ severity: "error", cell: "topic", ...unknown }]);
  await session.run({ type: "stale" }).done;
  expect(workspace.sent()).toEqual([]);
  expect(session.shown("mail")).toMatchObject({ outcome: "blocked", because: ["topic"] });
});

test("`reduce` without repeats of the cell's own is a warning at its place", async () => {
  const session = await workspace.open(notebookText("", asked("where", "reduce: majority")));
  expect(session.diagnostics).toMatchObject([
    { severity: "warning", code: "cell.reduce", cell: "topic", position: { line: 8, column: 9 } },
  ]);
  await session.run({ type: "stale" }).done;
  expect(shown(session, "topic")).toBe("<where>");
});

test("what is wrong with repeats names the cell, and no part of it", async () => {
  const session = await workspace.open(
    notebookText("", asked("{{ mail }} {{ vary.tone }}", "repeat: 2\nreduce: mean\nvary: { mood: [good, bad] }"), mail),
  );
  expect(session.diagnostics.map(({ cell, message }) => [cell, message])).toEqual([
    ["topic", "`topic` reads itself: topic → mail → topic"],
    ["topic", "`topic` varies `mood`, and nothing in it reads `vary.mood`"],
    ["topic", "`vary.tone` is read, and `topic` has no axis `tone`"],
    ["mail", "`mail` reads itself: topic → mail → topic"],
  ]);
});
