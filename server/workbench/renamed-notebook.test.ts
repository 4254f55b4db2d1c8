import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "#server/runner/__fixtures__/test-workspace.ts";
import type { LiveNotebook } from "./live-notebook.ts";
import { openWorkspaceNotebooks, type WorkspaceNotebooks } from "./workspace-notebooks.ts";

const text = notebookText(
  "inputs:\n  name: { type: string, default: Ada }\n",
  fence("prompt hello", "---\nmodel: server/small\nrun: auto\n---\nHello {{ name }}"),
  fence("data people", "---\nkey: id\n---\nid\n1\n2"),
  fence(
    "sheet everyone",
    `---\nrows: people\n---\n${fence("prompt greeting", "---\nmodel: server/small\n---\nHi {{ row.id }}")}`,
  ),
);

let workspace: TestWorkspace;
let notebooks: WorkspaceNotebooks;
let live: LiveNotebook;
let path: string;

const fileOf = (of: string): string => join(workspace.folder, of);
const results = (): unknown => live.session.state.results.get("hello")?.value;
const greetings = async (): Promise<unknown> => {
  live.session.freshness();
  return (await live.session.sheetFreshness("everyone", { exact: true }))?.columns["greeting"]?.[0]?.counts;
};

beforeEach(async () => {
  workspace = await testWorkspace();
  workspace.script = () => ({ text: "An answer" });
  const { runtime } = workspace;
  notebooks = await openWorkspaceNotebooks({ runtime, examples: "public/examples", firstSequence: 1 });
  path = await notebooks.create("Before", text);
  live = await notebooks.open(path);
  await live.setInputs({ name: "Grace" });
  // What runs by itself gives the rows.
  await vi.waitFor(async () => expect(await greetings()).toEqual({ never: 2 }), { timeout: 20_000 });
  await live.run({ scope: { type: "all" }, title: "all" }).done;
  await live.session.grant("hello", 3);
  await live.note("a comment", [{ address: "hello", type: "comment", text: "Good." } as never]);
  workspace.sent();
});
afterEach(async () => {
  await notebooks.close();
  await workspace[Symbol.asyncDispose]();
});

/** The notebook at its new path is the one it was: nothing is to be computed, asked or trusted again. */
async function isWhole(to: string): Promise<void> {
  expect(live.path).toBe(to);
  expect(await greetings()).toEqual({ current: 2 });
  expect(live.session.freshness().get("hello")).toMatchObject({ state: "current" });
  expect(results()).toEqual({ type: "string", value: "An answer" });
  expect(live.session.grants()).toMatchObject([{ notebook: to, cell: "hello", budget: 3 }]);
  expect(live.session.givenInputs()).toEqual({ name: "Grace" });
  expect(live.session.trusted).toBe(true);
  expect((await workspace.runtime.store.runs.list(to, 10)).length).toBeGreaterThan(0);
  expect(workspace.sent()).toEqual([]);
}

test("a notebook that is renamed while it is open goes on under its new name, with all that is kept of it", async () => {
  const to = "notebooks/deeper/after.md";
  await notebooks.rename(path, to);
  await isWhole(to);
  // A page that has not heard of it yet edits it under the old name, and nobody's step is lost.
  const same = await notebooks.open(path);
  expect(same).toBe(live);
  await same.apply([{ type: "set-source", cell: "hello", source: "Bye {{ name }}" }]);
  await live.undo();
  await live.note("another", [{ address: "hello", type: "comment", text: "Better." } as never]);
  await live.apply([{ type: "set-source", cell: "hello", source: "Last" }]);
  await vi.waitFor(async () => expect(await readFile(fileOf(to), "utf8")).toContain("Last"), { timeout: 20_000 });
  await expect(readFile(fileOf(path))).rejects.toMatchObject({ code: "ENOENT" });
  const notes = await readFile(fileOf("notebooks/deeper/after.notes.jsonl"), "utf8");
  expect(notes.split("\n").filter((line) => line.includes("comment"))).toHaveLength(2);
  expect(notes).toContain("Better.");
});

test("its baseline goes where it goes: to another name, to a copy, aside and back", async () => {
  const to = "notebooks/deeper/after.md";
  const baseline = (of: string): Promise<string> => readFile(fileOf(of).replace(/md$/, "baseline.jsonl"), "utf8");
  await writeFile(fileOf("notebooks/before.baseline.jsonl"), "kept");
  await notebooks.rename(path, to);
  expect(await baseline(to)).toBe("kept");
  await expect(baseline(path)).rejects.toMatchObject({ code: "ENOENT" });
  expect(await baseline(await notebooks.duplicate(to))).toBe("kept");
  const removed = await notebooks.remove(to);
  await expect(baseline(to)).rejects.toMatchObject({ code: "ENOENT" });
  await notebooks.restore(removed, to);
  expect(await baseline(to)).toBe("kept");
});

test("so does one whose file is renamed outside, and what is typed then is written there", async () => {
  const to = "notebooks/outside.md";
  await vi.waitFor(async () => expect(await readFile(fileOf(path), "utf8")).toBe(live.session.state.notebook.text));
  await rename(fileOf(path), fileOf(to));
  await vi.waitFor(() => expect(live.path).toBe(to), { timeout: 20_000 });
  await isWhole(to);
  await live.apply([{ type: "set-source", cell: "hello", source: "Typed {{ name }}" }]);
  await vi.waitFor(async () => expect(await readFile(fileOf(to), "utf8")).toContain("Typed"), { timeout: 20_000 });
});

test("a file that only has the same text is another notebook", async () => {
  await writeFile(fileOf("notebooks/copy.md"), live.session.state.notebook.text);
  await rename(fileOf(path), fileOf("elsewhere.md"));
  await live.fileTouched();
  expect(live.path).toBe(path);
});

test("it is not renamed over another, nor while a run is on in it", async () => {
  const other = await notebooks.create("Other", text);
  await expect(notebooks.rename(path, other)).rejects.toMatchObject({ code: "notebook.exists" });
  workspace.script = () => new Promise(() => {}) as never;
  const run = live.run({ scope: { type: "all" }, title: "all again" });
  await live.setInputs({ name: "Alan" });
  const again = live.run({ scope: { type: "cells", cells: ["hello"] }, title: "hello" });
  await expect(notebooks.rename(path, "notebooks/busy.md")).rejects.toMatchObject({
    code: "notebook.busy",
    cure: "Wait until it has ended, or stop it, and rename then.",
  });
  run.cancel();
  again.cancel();
  await Promise.allSettled([run.done, again.done]);
});

test("the grant of a cell follows its name, and back when the rename is undone", async () => {
  const granted = () => live.session.grants().map(({ cell }) => cell);
  await live.apply([{ type: "rename", cell: "hello", to: "welcome" }]);
  expect(granted()).toEqual(["welcome"]);
  await live.undo();
  expect(granted()).toEqual(["hello"]);
  await live.redo();
  expect(granted()).toEqual(["welcome"]);
  expect(live.session.diagnostics.map(({ code }) => code)).not.toContain("cell.no-grant");
  await live.grant("welcome", null);
  expect(granted()).toEqual([]);
});
