import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { notesPath, openNotesFile } from "./notes-file.ts";
import {
  datasetPath,
  fence,
  notebookText,
  shown,
  testWorkspace,
  type TestWorkspace,
} from "./__fixtures__/test-workspace.ts";

let workspace: TestWorkspace;
beforeAll(async () => void (workspace = await testWorkspace()));
afterEach(() => void vi.restoreAllMocks());
afterAll(() => workspace[Symbol.asyncDispose]());

const text = (inputs: string): string => notebookText(`inputs:\n${inputs}`, fence("template line", "{{ n }}"));
const number = text("  n: { type: number, default: 3 }\n");

describe("inputs of an open notebook", () => {
  test("what was given stands while the text changes, also beside what no longer has a place", async () => {
    const session = await workspace.open(text("  n: { type: number, default: 3 }\n  m: string\n"));
    await session.setInput("n", 5);
    await session.setInput("m", "gone soon");
    await session.setText(number);
    expect(session.givenInputs()).toEqual({ n: 5 });
    await session.run({ type: "stale" }).done;
    expect(shown(session, "line")).toBe("5");
  });

  test("what was given gives way to the default where it does not fit any more, and is back when it does", async () => {
    const session = await workspace.open(number);
    await session.setInput("n", 5);
    await session.setText(text("  n: { type: string, default: three }\n"));
    expect(session.givenInputs()).toEqual({ n: "three" });
    await session.setText(number);
    expect(session.givenInputs()).toEqual({ n: 5 });
  });

  test("a value that does not fit is refused, and the one before stays", async () => {
    const session = await workspace.open(number);
    await session.setInput("n", 5);
    await expect(session.setInput("n", "five")).rejects.toMatchObject({ code: "input.type" });
    await session.setText(`${number}\n`);
    expect(session.givenInputs()).toEqual({ n: 5 });
  });

  describe("given while another value is on its way", () => {
    const table = text("  n: { type: table, default: [] }\n");

    /** Rows named `slow` are there when `come` is called. */
    function slowRows() {
      const { fromRows } = workspace.runtime.tables;
      const there = Promise.withResolvers<void>();
      vi.spyOn(workspace.runtime.tables, "fromRows").mockImplementation(async (rows) => {
        if (JSON.stringify(rows).includes("slow")) await there.promise;
        return fromRows(rows);
      });
      return { come: there.resolve };
    }

    test("the last one stands, whichever is there first", async () => {
      const session = await workspace.open(table);
      const { come } = slowRows();
      const first = session.setInput("n", [{ name: "slow" }]);
      await session.setInput("n", [{ name: "quick" }]);
      come();
      await first;
      expect(session.givenInputs()).toEqual({ n: [{ name: "quick" }] });
      await session.setText(`${table}\n`);
      expect(session.givenInputs()).toEqual({ n: [{ name: "quick" }] });
      expect(session.state.inputs.get("n")!.value).toMatchObject({ value: { rowCount: 1 } });
    });

    test("the one before stands where the last one does not fit", async () => {
      const session = await workspace.open(table);
      const { come } = slowRows();
      const first = session.setInput("n", [{ name: "slow" }]);
      await expect(session.setInput("n", 5)).rejects.toMatchObject({ code: "input.type" });
      come();
      await first;
      expect(session.givenInputs()).toEqual({ n: [{ name: "slow" }] });
    });

    test("it stands where the text changes meanwhile, and what it had is put back late", async () => {
      const session = await workspace.open(table);
      await session.setInput("n", [{ name: "before" }]);
      const { come } = slowRows();
      const first = session.setInput("n", [{ name: "slow" }]);
      await session.setText(`${table}\n`);
      come();
      await first;
      expect(session.givenInputs()).toEqual({ n: [{ name: "slow" }] });
    });

    test("it stands where it comes while what stood before is put back", async () => {
      const session = await workspace.open(table);
      await session.setInput("n", [{ name: "slow" }]);
      const { come } = slowRows();
      const changed = session.setText(`${table}\n`);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await session.setInput("n", [{ name: "quick" }]);
      come();
      await changed;
      expect(session.givenInputs()).toEqual({ n: [{ name: "quick" }] });
    });
  });

  test("a default that cannot be had is said at its place, and the notebook opens", async () => {
    const session = await workspace.open(text("  n: { type: table, default: none.csv }\n"));
    expect(session.givenInputs()).toEqual({});
    expect(session.diagnostics.find(({ message }) => message.includes("none.csv"))).toMatchObject({
      severity: "warning",
      position: { line: 4 },
    });
  });

  test("a table is known by the path it was given as", async () => {
    const file = datasetPath(workspace, "people.csv");
    await mkdir(join(file, ".."), { recursive: true });
    await writeFile(file, "name\nAda\n");
    const session = await workspace.open(text("  n: table\n"));
    await session.setInput("n", "people.csv");
    expect(session.givenInputs()).toEqual({ n: "people.csv" });
  });

  test("kept under a name they are in the notes beside the notebook, until they are taken away", async () => {
    const notes = openNotesFile(notesPath(join(workspace.folder, "cases.md")));
    const session = await workspace.open(number, { notes });
    await session.keepCase("five", { n: 5 });
    await session.keepCase("six", { n: 6 });
    await session.keepCase("five", null);
    expect([...(await workspace.open(number, { notes })).cases()]).toEqual([["six", { n: 6 }]]);
    const lines = (await readFile(join(workspace.folder, "cases.notes.jsonl"), "utf8")).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { type: "case", name: "five", values: { n: 5 } },
      { type: "case", name: "six", values: { n: 6 } },
      { type: "case", name: "five", values: null },
    ]);
  });

  test("the record of a run has what is short as it was, and the hash of everything", async () => {
    const session = await workspace.open(text("  n: { type: number, default: 3 }\n  long: string\n"));
    await session.setInput("long", "x".repeat(5_000));
    const run = session.run({ type: "stale" });
    await run.done;
    const hash = expect.stringMatching(/^[0-9a-f]{64}$/) as unknown;
    expect((await workspace.runtime.store.runs.get(run.id))!.inputs).toEqual({ n: { hash, value: 3 }, long: { hash } });
  });
});
