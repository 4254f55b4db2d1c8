import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { completionAt } from "#server/language/completion.ts";
import { fence, notebookText, testWorkspace, type TestWorkspace } from "#server/runner/__fixtures__/test-workspace.ts";
import { buildView } from "#server/workbench/build-view.ts";
import type { NotebookView } from "#server/workbench/view.ts";
import { completionNames, namedThing, pageNames, shownResult, thingKey } from "./page-names.ts";

let workspace: TestWorkspace;
let view: NotebookView;

/** A view as a page gets it, of a notebook whose tables are there. */
beforeAll(async () => {
  workspace = await testWorkspace();
  const session = await workspace.open(
    notebookText(
      "inputs:\n  message: { type: string, default: hello }\n",
      fence("data people", "name,age\nAda,36"),
      fence("prompt topic", "---\nmodel: server/small\nvary: { tone: [warm, cold] }\n---\n{{ message }}"),
      fence("js facts", 'return { vendor: "Acme", total: 3 };'),
      fence(
        "sheet triage",
        `---\nrows: people\nwith: { message: =row.name }\ncolumns: [topic]\n---\n${fence("score correct", "---\noutput: =topic\n---\n- equals")}\n\n${fence("template note", "{{ row.name }}")}`,
      ),
      fence("sheet words", `---\nrows: [one, two]\n---\n${fence("formula long", "length(item)")}`),
    ),
  );
  await session.run({ type: "cells", cells: ["people", "facts"] }).done;
  const head = {
    revision: 1,
    undo: null,
    redo: null,
    savedAt: 0,
    fileProblem: null,
    spentToday: 0,
    unpricedToday: 0,
    budgets: [],
  };
  const parts = { head, progress: new Map(), sheets: {}, streams: {}, runs: {} };
  view = buildView(session, workspace.runtime, parts);
});
afterAll(() => workspace[Symbol.asyncDispose]());

const namesOf = (cell: string): readonly string[] => [...pageNames(view, cell).things.keys()].toSorted();

/** What is offered at the `^` of an expression in a cell. */
function offered(cell: string, marked: string, kind: string): readonly string[] {
  const offset = marked.indexOf("^");
  const found = completionAt(marked.replace("^", ""), "expression", offset, completionNames(pageNames(view, cell)));
  return found.filter((option) => option.kind === kind).map(({ label }) => label);
}

describe("the names a cell sees", () => {
  test("are the inputs and the other cells, and of a sheet its columns by their path", () => {
    expect(namesOf("topic")).toEqual([
      "facts",
      "message",
      "people",
      "triage",
      "triage.correct",
      "triage.note",
      "triage.topic",
      "words",
      "words.long",
    ]);
  });

  test("are within a sheet its other cells by their own name, and the row", () => {
    expect(namesOf("triage.note")).toEqual(["correct", "facts", "message", "people", "topic", "words", "words.long"]);
    expect(pageNames(view, "triage.note").row).toEqual(["name", "age"]);
    expect(pageNames(view, "topic").row).toBeUndefined();
  });

  test("are in a sheet over a list its element and the number of that", () => {
    expect(pageNames(view, "words.long")).toMatchObject({ row: ["item", "index"], others: ["item", "index"] });
    expect(offered("words.long", "i^", "name")).toEqual(["row", "item", "index"]);
    expect(pageNames(view, "words").others).toEqual(["item", "index"]);
    expect(pageNames(view, "triage.note").others).toEqual([]);
  });

  test("have behind a point what their value has", () => {
    expect(offered("topic", "people.^", "member")).toEqual(["name", "age"]);
    expect(offered("topic", "facts.^", "member")).toEqual(["vendor", "total"]);
    expect(offered("topic", "triage.correct.^", "member")).toEqual(["score", "pass", "reason"]);
    expect(offered("triage.note", "row.^", "column")).toEqual(["name", "age"]);
  });

  test("are on the axes of what they read", () => {
    expect(offered("topic", "vary.^", "axis")).toEqual(["tone"]);
    expect(offered("facts", "topic.at(tone=^", "label")).toEqual(['"warm"', '"cold"']);
    expect(offered("triage.note", "vary.^", "axis")).toEqual([]);
  });

  test("are the same thing however they are written", () => {
    const inside = namedThing(pageNames(view, "triage.note"), ["correct", "score"])!;
    const outside = namedThing(pageNames(view, "topic"), ["triage", "correct", "score"])!;
    expect([inside.length, outside.length]).toEqual([1, 2]);
    expect(thingKey(inside.thing)).toBe(thingKey(outside.thing));
    expect(namedThing(pageNames(view, "topic"), ["nobody"])).toBeNull();
  });

  test("have the value at the chosen labels", () => {
    expect(shownResult(view, "facts")?.value).toEqual({ type: "json", value: { vendor: "Acme", total: 3 } });
    expect(shownResult(view, "topic")?.at).toEqual({ tone: "warm" });
    expect(shownResult(view, "triage.correct")).toBeUndefined();
  });
});
