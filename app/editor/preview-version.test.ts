import { expect, test } from "vitest";
import { previewVersion } from "./preview-version";

const result = (value: unknown) => ({ computedAt: 1, freshness: { state: "edited" }, value });
const view = (version: string, value: unknown) =>
  ({
    head: { head: { inputs: [], models: {} } },
    nodes: {
      "s.answer": { reads: ["s.column", "above", "s"] },
      "s.column": { sheet: "s", addresses: [] },
      above: { sheet: null, addresses: ["above"] },
    },
    sheets: { s: { version } },
    results: { above: result(value) },
  }) as never;
const cell = { node: "s.answer", source: "{{ column }}", configuration: {} } as never;

test("what a prompt sends is another where a column of its sheet was run, and where a value was edited by hand once more", () => {
  const before = previewVersion(view("1", "by hand"), cell);
  expect(previewVersion(view("1", "by hand"), cell)).toBe(before);
  expect(previewVersion(view("2", "by hand"), cell)).not.toBe(before);
  expect(previewVersion(view("1", "by hand, again"), cell)).not.toBe(before);
});
