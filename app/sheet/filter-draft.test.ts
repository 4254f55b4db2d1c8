import { describe, expect, test } from "vitest";
import type { ViewFilter } from "#server/notebook/sheet-view.ts";
import type { CellColumn, GridColumn } from "./columns.ts";
import { conditionsOf, draftOf, filterOf, operandsOf, type Condition, type FilterDraft } from "./filter-draft.ts";

const text: GridColumn = { type: "row", id: "row text", name: "text", word: "string", numeric: false };
const amount: GridColumn = { type: "row", id: "row amount", name: "amount", word: "number", numeric: true };
const topic: CellColumn = {
  type: "cell",
  id: "cell topic",
  node: "triage.topic",
  cell: "topic",
  kind: "prompt",
  at: { model: "small" },
  field: null,
  places: [0],
  label: "small",
  folded: 0,
  score: null,
  entry: null,
  numeric: false,
};
const correct: CellColumn = {
  ...topic,
  id: "cell correct",
  node: "triage.correct",
  cell: "correct",
  kind: "score",
  label: "",
};
const columns = [text, amount, topic, correct];

const draft = (column: string, condition: Condition, value = "", to = ""): FilterDraft => ({
  column,
  condition,
  value,
  to,
});
const topicRef = { type: "cell", cell: "topic", at: { model: "small" } } as const;

describe("a draft is a filter", () => {
  test.each<[FilterDraft, ViewFilter]>([
    [draft("row text", "is", "5"), { type: "is", column: { type: "row", column: "text" }, value: "5" }],
    [draft("row amount", "is", "5"), { type: "is", column: { type: "row", column: "amount" }, value: 5 }],
    [
      draft("cell correct", "is", "no"),
      { type: "is", column: { type: "cell", cell: "correct", at: { model: "small" } }, value: false },
    ],
    [draft("cell topic", "one-of", "a, b"), { type: "one-of", column: topicRef, values: ["a", "b"] }],
    [
      draft("row amount", "between", "1", "2.5"),
      { type: "between", column: { type: "row", column: "amount" }, from: 1, to: 2.5 },
    ],
    [draft("row text", "greater", "2024"), { type: "greater", column: { type: "row", column: "text" }, than: "2024" }],
    [draft("cell topic", "failed"), { type: "state", column: topicRef, state: "failed" }],
    [draft("cell topic", "differs"), { type: "differs", column: { type: "cell", cell: "topic", at: {} } }],
    [draft("row text", "not-empty"), { type: "not-empty", column: { type: "row", column: "text" } }],
  ])("%j", (from, filter) => {
    expect(filterOf(from, columns)).toEqual(filter);
    expect(draftOf(filter, columns)).toEqual({ ...from, value: from.value });
  });

  test("only when nothing of it is missing", () => {
    expect(filterOf(draft("row text", "contains"), columns)).toBeNull();
    expect(filterOf(draft("row text", "one-of", " , "), columns)).toBeNull();
    expect(filterOf(draft("row amount", "between", "1"), columns)).toBeNull();
    expect(filterOf(draft("row gone", "empty"), columns)).toBeNull();
    expect(filterOf(draft("row text", "failed"), columns)).toBeNull();
  });
});

test("states and differences are asked of results alone", () => {
  expect(conditionsOf(text)).not.toContain("failed");
  expect(conditionsOf(topic)).toContain("failed");
  expect(conditionsOf(topic)).toContain("differs");
  expect(conditionsOf(correct)).not.toContain("differs");
});

test("a condition takes as many values as it needs", () => {
  expect([operandsOf("is"), operandsOf("between"), operandsOf("stale"), operandsOf("empty")]).toEqual([1, 2, 0, 0]);
});
