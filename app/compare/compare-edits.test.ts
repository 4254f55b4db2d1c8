import { describe, expect, test } from "vitest";
import { applyOperation } from "#server/notebook/apply-operation.ts";
import { parseNotebook } from "#server/notebook/format.ts";
import type { Operation } from "#server/notebook/operation.ts";
import { addModel, addWording, readValues, removeLabel, sample, sweep, type ComparedCell } from "./compare-edits.ts";

/** A notebook of one prompt with these settings, and what is left of it after the edits that are made of them. */
function edited(settings: string, edits: (cell: ComparedCell) => readonly Operation[]): string {
  const text = `---\nsheaf: 1\n---\n\n\`\`\`prompt topic\n---\n${settings}---\nHello.\n\`\`\`\n`;
  const [cell] = parseNotebook(text).cells;
  const operations = edits({ path: "topic", configuration: cell!.configuration.values });
  const after = operations.reduce((now, operation) => applyOperation(now, operation).text, text);
  return after.slice(after.indexOf("topic\n") + 6, after.indexOf("Hello")).replace(/^---\n|---\n$/g, "");
}

describe("another model", () => {
  test("stands beside the one a prompt has", () => {
    expect(edited("model: small\n", (cell) => addModel(cell, "openai/gpt-5-mini"))).toBe(
      "models: [small, openai/gpt-5-mini]\n",
    );
  });
  test("is added to those that are compared, and to none twice", () => {
    const three = edited("models: [a/b, { model: c/d, label: deep }]\n", (cell) => addModel(cell, "e/f"));
    expect(three).toBe("models: [a/b, { model: c/d, label: deep }, e/f]\n");
    expect(
      addModel({ path: "topic", configuration: { models: ["a/b", { model: "c/d", label: "deep" }] } }, "deep"),
    ).toEqual([]);
  });
  test("is the own one of a prompt that has none", () => {
    expect(edited("seed: 1\n", (cell) => addModel(cell, "a/b"))).toBe("seed: 1\nmodel: a/b\n");
  });
});

describe("a parameter", () => {
  test("is swept over values, and taken from the axis", () => {
    expect(edited("model: a/b\n", (cell) => sweep(cell, "temperature", [0, 0.7]))).toBe(
      "model: a/b\nvary: { temperature: [0, 0.7] }\ntemperature: =vary.temperature\n",
    );
  });
  test("is set where one value is left, and no axis of that name stays", () => {
    const settings = "model: a/b\nvary: { temperature: [0, 1], tone: [dry] }\ntemperature: =vary.temperature\n";
    expect(edited(settings, (cell) => sweep(cell, "temperature", [1]))).toBe(
      "model: a/b\nvary: { tone: [dry] }\ntemperature: 1\n",
    );
    expect(edited("vary: { seed: [1, 2] }\nseed: =vary.seed\n", (cell) => removeLabel(cell, "seed", "2"))).toBe(
      "seed: 1\n",
    );
    expect(edited("vary: { seed: [1, 2] }\nseed: =vary.seed\n", (cell) => sweep(cell, "seed", []))).toBe("");
  });
  test.each([
    ["0, 0.7 , 1,1", [0, 0.7, 1]],
    ["low, high\n", ["low", "high"]],
    ["", []],
  ])("is read from what a person writes: %j", (text, values) => expect(readValues(text)).toEqual(values));
});

describe("a label", () => {
  test("that is taken away leaves one model as the cell's own", () => {
    expect(edited("models: [a/b, c/d]\n", (cell) => removeLabel(cell, "model", "a/b"))).toBe("model: c/d\n");
    expect(edited("models: [a/b, { model: c/d, seed: 1 }]\n", (cell) => removeLabel(cell, "model", "a/b"))).toBe(
      "models: [{ model: c/d, seed: 1 }]\n",
    );
  });
  test("is found however its number is written", () => {
    expect(edited("vary: { size: [0.10, 2, 3] }\n", (cell) => removeLabel(cell, "size", "0.10"))).toBe(
      "vary: { size: [2, 3] }\n",
    );
  });
  test("that was the last takes its axis with it", () => {
    expect(edited("model: a/b\nvary: { tone: [dry] }\n", (cell) => removeLabel(cell, "tone", "dry"))).toBe(
      "model: a/b\n",
    );
  });
});

test("samples are repeats, and one sample is none", () => {
  expect(edited("model: a/b\n", (cell) => sample(cell, 5))).toBe("model: a/b\nrepeat: 5\n");
  expect(edited("model: a/b\nrepeat: 5\n", (cell) => sample(cell, 1))).toBe("model: a/b\n");
});

describe("another wording", () => {
  const add = (text: string, path: string, label: string | null, source: string): string => {
    const { operations } = addWording({ path, name: "topic", label, source }, { path }, label === null ? [] : [label]);
    return operations.reduce((now, operation) => applyOperation(now, operation).text, text);
  };
  test("makes a prompt that stands alone the first of two", () => {
    const text = "---\nsheaf: 1\n---\n\n```prompt topic\n---\nmodel: a/b\n---\nHello.\n```\n\nThe end.\n";
    const after = add(text, "topic", null, "Hello.");
    expect(parseNotebook(after).cells.map(({ name, label, source }) => [name, label, source.trim()])).toEqual([
      ["topic", "first", "Hello."],
      ["topic", "second", "Hello."],
    ]);
    expect(parseNotebook(after).diagnostics).toEqual([]);
  });
  test("has a label that is free, and a fence and settings of its own where its text needs them", () => {
    const text = "---\nsheaf: 1\n---\n\n````prompt topic.second\n---\n---\n---\n```js\n````\n";
    const [cell] = parseNotebook(text).cells;
    const after = add(text, "topic.second", "second", cell!.source);
    const [, other] = parseNotebook(after).cells;
    expect([other!.label, other!.source.trimEnd()]).toEqual(["third", cell!.source.trimEnd()]);
  });
});
