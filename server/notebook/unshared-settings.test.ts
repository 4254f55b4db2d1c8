import { describe, expect, test } from "vitest";
import { cellForms, cellKinds } from "#server/cells/index.ts";
import { fence, notebookText } from "./__fixtures__/graph-of.ts";
import { parseNotebook } from "./format.ts";
import { unsharedSettings } from "./unshared-settings.ts";

/** The warnings of a cell's wordings `wording.one`, `wording.two` …, each given by its settings. */
function warnings(kind: string, ...settings: readonly string[]): readonly string[] {
  const labels = ["one", "two", "three"];
  const cells = settings.map((yaml, index) => fence(`${kind} wording.${labels[index]}`, `---\n${yaml}\n---\nHi`));
  const found = unsharedSettings(parseNotebook(notebookText("", ...cells), cellForms).cells, cellKinds.get(kind)!);
  return found.map(
    ({ severity, code, cell, message, cure, position: { line, column } }) =>
      `${severity} ${code} ${cell} ${line}:${column} ${message} → ${cure}`,
  );
}

const keys = (kind: string, ...settings: readonly string[]): readonly string[] =>
  warnings(kind, ...settings).map((text) => /`(\w+)` of/.exec(text)![1]!);

describe("the settings of a name's wordings are those of the first", () => {
  test("and another that a later one says is warned of at its key", () => {
    expect(warnings("prompt", "model: e", "temperature: 1", "title: T\nmodel: echo/reverse")).toEqual([
      "warning cell.unshared-setting wording 14:1 `temperature` of `wording.two` has no effect: the wordings of a name have the settings of the first → Say it in `wording.one` for all of them, or take it out here. To compare values, list them there under `vary` or `models`.",
      "warning cell.unshared-setting wording 22:1 `model` of `wording.three` has no effect: the wordings of a name have the settings of the first → Say it in `wording.one` for all of them, or take it out here. To compare values, list them there under `vary` or `models`.",
    ]);
    expect(
      keys(
        "prompt",
        "model: e",
        "when: false\noptional: [a]\ncontinue_on_error: true\ncache: never\nvary: { a: [1] }\nmodels: [a]\nrepeat: 2",
      ),
    ).toEqual(["when", "optional", "continue_on_error", "cache", "vary", "models", "repeat"]);
  });

  test("an equal one needs no warning, however it is written", () => {
    expect(keys("prompt", "stop: [a, b]\ntemperature: 0", 'temperature: 0.0\nstop:\n  - "a"\n  - b')).toEqual([]);
    expect(keys("prompt", "stop: [a, b]", "stop: [b, a]")).toEqual(["stop"]);
  });

  test("but how it looks, what it waits for and reads, and that it runs by hand each says for itself", () => {
    expect(keys("template", "title: A", "title: B\nhidden: true\nafter: a\nreads: [b]\nrun: manual")).toEqual([]);
    expect(keys("prompt", "title: A", "run: auto")).toEqual(["run"]);
  });

  test("and of a key that no cell has it is said already that it has no effect", () => {
    expect(keys("prompt", "title: A", "temprature: 1")).toEqual([]);
  });
});

test("cells that share a name by mistake are no wordings", () => {
  const text = notebookText("", fence("js a", "---\ncache: 1d\n---\n1"), fence("js a", "---\ncache: 2d\n---\n2"));
  expect(unsharedSettings(parseNotebook(text, cellForms).cells, cellKinds.get("js")!)).toEqual([]);
});
