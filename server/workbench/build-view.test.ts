import { afterAll, beforeAll, expect, test } from "vitest";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "#server/runner/__fixtures__/test-workspace.ts";
import { buildView, type ViewParts } from "./build-view.ts";
import { createSheetBoard, type SheetBoard } from "./sheet-board.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterAll(() => workspace[Symbol.asyncDispose]());

const nothing = { progress: new Map(), sheets: {}, streams: {}, runs: {} } as unknown as ViewParts;

test("what decides whether a sheet is computed is seen as the sheet's own", async () => {
  const session = await workspace.open(
    notebookText(
      "inputs:\n  go: { type: boolean, default: false }\n",
      fence("data people", "id\n1"),
      fence("template word", "{{ go }}"),
      fence("sheet every", `---\nrows: people\nwhen: =word and go\n---\n${fence("template line", "{{ row.id }}")}`),
    ),
  );
  await session.run({ type: "stale" }).done;
  const { nodes, results } = buildView(session, workspace.runtime, nothing);
  expect(Object.keys(nodes)).toEqual(["people", "word", "every.line", "every"]);
  expect([nodes["every"]!.reads, nodes["every.line"]!.reads]).toEqual([["word", "go", "people"], []]);
  expect(nodes["word"]!.readers).toEqual(["every"]);
  expect(Object.keys(results)).toEqual(["people", "word"]);
});

test("a field that an input decides is shown as it came out, edited as it is written, and its input is read", async () => {
  const session = await workspace.open(
    notebookText(
      "inputs: { n: { default: 2 }, name: { default: Ada }, shown: { default: true } }\ntitle: =name ~ '!'\nmodels: { small: =name }\nchoose: { repeat: =n }\n",
      fence("template line", "---\nrepeat: =n\nhidden: =not shown\n---\nx"),
      fence("template plain", "---\nrepeat: 2\n---\nx"),
      fence("score judged", "---\nlanguage: =name\noutput: 1\n---\nreturn 1"),
    ),
    { inputs: { name: "js" } },
  );
  const { head, cells, nodes } = buildView(session, workspace.runtime, nothing);
  expect(head.head).toMatchObject({
    title: "js!",
    writtenTitle: "=name ~ '!'",
    models: { small: { model: "js" } },
    choose: { repeat: "2" },
  });
  expect(cells["line"]).toMatchObject({
    configuration: { repeat: "=n", hidden: "=not shown" },
    settings: "repeat: =n\nhidden: =not shown",
    early: { repeat: 2, hidden: false },
  });
  expect(cells["plain"]).not.toHaveProperty("early");
  expect(cells["judged"]!.language).toBe("javascript");
  expect(nodes["line"]).toMatchObject({ cells: ["line"], reads: ["n", "shown"], chosen: { repeat: "2" } });
});

test("what computes the list a sheet goes over is seen as the sheet's own, and what gives it is named", async () => {
  const line = (name: string): string => fence(`template ${name}`, "{{ item }}");
  const session = await workspace.open(
    notebookText(
      "inputs:\n  given: { type: json, default: [a, b, c] }\n",
      fence("js made", "return { list: ['a'] }"),
      fence("sheet every", `---\nrows: made.list\n---\n${line("one")}`),
      fence("sheet cut", `---\nrows: =given[:2]\n---\n${line("two")}`),
      fence("sheet written", `---\nrows: [x]\n---\n${line("three")}`),
      fence("sheet plain", `---\nrows: given\n---\n${line("four")}`),
    ),
  );
  await session.run({ type: "stale" }).done;
  const { nodes, results } = buildView(session, workspace.runtime, nothing);
  const sheets = ["every", "cut", "written", "plain"];
  expect(Object.keys(nodes).filter((id) => !id.includes("."))).toEqual(["made", ...sheets]);
  expect(sheets.map((id) => [nodes[id]!.reads, nodes[id]!.overList])).toEqual([
    [["made"], true],
    [["given"], true],
    [[], true],
    [["given"], true],
  ]);
  expect([nodes["made"]!.readers, nodes["made"]!.overList]).toEqual([["every"], undefined]);
  expect(Object.keys(results)).toEqual(["made"]);
  const shown = await new Promise<SheetBoard["views"]>((resolve) => {
    const board = createSheetBoard(
      session,
      () => (board.close(), resolve(board.views)),
      () => {},
    );
    board.changed();
  });
  expect(sheets.map((id) => [shown[id]!.rows, shown[id]!.rowCount])).toEqual([
    ["made", 1],
    ["given", 2],
    ["a list", 1],
    ["given", 3],
  ]);
  expect(shown["every"]!.rowColumns).toEqual([
    { name: "item", type: "VARCHAR" },
    { name: "index", type: "BIGINT" },
  ]);
});

test("a sheet without a table says how it came out, as long as that is so", async () => {
  const rows = fence("data people", "---\nwhen: =there\n---\nid\n1");
  const line = fence("template line", "{{ row.id }}");
  const sheet = (name: string, when: string): string =>
    fence(`sheet ${name}`, `---\nrows: people\n${when}---\n${line}`);
  const front = "inputs:\n  go: { type: boolean, default: false }\n  there: { type: boolean, default: true }\n";
  const cells = [rows, sheet("closed", "when: =go\n"), sheet("wrong", "when: =go.x.y\n"), sheet("open", "")];
  const session = await workspace.open(notebookText(front, ...cells));
  const without = (name: string) => buildView(session, workspace.runtime, nothing).nodes[name]!.without;
  await session.run({ type: "stale" }).done;
  expect(without("closed")).toMatchObject({ outcome: "skipped", error: null });
  expect(without("wrong")).toMatchObject({
    outcome: "error",
    error: { message: expect.stringContaining("in `when`") },
  });
  expect(without("open")).toBeUndefined();
  await session.setInput("go", true);
  expect(without("closed")).toBeUndefined();
  await session.run({ type: "stale" }).done;
  expect(without("closed")).toBeUndefined();
  await session.setInput("there", false);
  await session.run({ type: "stale" }).done;
  expect(without("open")).toMatchObject({ outcome: "skipped" });
});
