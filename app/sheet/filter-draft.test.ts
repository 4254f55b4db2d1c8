import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Operand, ViewFilter } from "#server/notebook/sheet-view.ts";
import type { CellColumn, GridColumn } from "./columns.ts";
import {
  columnOf,
  conditionsOf,
  draftOf,
  filterOf,
  offeredText,
  operandOf,
  operandsOf,
  type Condition,
  type FilterDraft,
} from "./filter-draft.ts";

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
  was: null,
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
    expect(filterOf(from, columns, [])).toEqual(filter);
    // What differs is of all variants, and so of no column.
    const column = filter.type === "differs" ? "" : from.column;
    expect(draftOf(filter, columns)).toEqual({ ...from, column, was: filter });
  });

  test("only when nothing of it is missing", () => {
    expect(filterOf(draft("row text", "contains"), columns, [])).toBeNull();
    expect(filterOf(draft("row text", "one-of", " , "), columns, [])).toBeNull();
    expect(filterOf(draft("row amount", "between", "1"), columns, [])).toBeNull();
    expect(filterOf(draft("row gone", "empty"), columns, [])).toBeNull();
    expect(filterOf(draft("row text", "failed"), columns, [])).toBeNull();
  });
});

describe("what is picked is what is looked for", () => {
  const is = (column: GridColumn, value: string, offered: readonly Operand[]) =>
    filterOf(draft(column.id, "is", value), columns, offered);

  test.each<[GridColumn, Operand]>([
    [amount, 12.3456789],
    [text, " a, b"],
    [topic, true],
    [topic, 12],
  ])("of %j %s", (column, value) => {
    const picked = offeredText(value, "is")!;
    expect(is(column, picked, [value])).toMatchObject({ type: "is", value });
    const listed = `${offeredText(value, "one-of")!}, other`;
    expect(filterOf(draft(column.id, "one-of", listed), columns, [value])).toMatchObject({ values: [value, "other"] });
  });

  test("so that texts of several lines, and long ones, are not offered", () => {
    expect(offeredText("a\nb", "is")).toBeNull();
    expect(offeredText("a".repeat(200), "is")).toBeNull();
    expect(operandOf("a".repeat(500))).toBeNull();
    expect(operandOf("a".repeat(499))).toBe("a".repeat(499));
  });

  test("an integer that numbers cannot tell from others stays a text", () => {
    expect(is(amount, "1234567890123456700", [])).toMatchObject({ value: "1234567890123456700" });
    expect(is(amount, "-12", [])).toMatchObject({ value: -12 });
  });

  test("values with commas in them stand in quotes among several", () => {
    const values = (value: string) => filterOf(draft("row text", "one-of", value), columns, []);
    expect(values('"a, b", c')).toMatchObject({ values: ["a, b", "c"] });
    expect(values('"say ""a"", b", 5" pipe')).toMatchObject({ values: ['say "a", b', '5" pipe'] });
  });
});

describe("a filter that is opened and left as it is", () => {
  const all = { type: "cell", cell: "topic", at: {} } as const;
  const column = fc.constantFrom(all, topicRef, { type: "row", column: "text" } as const);
  const operand = fc.oneof(
    fc.string({ unit: fc.constantFrom("a", ",", '"', " ", "\n", "1", "yes") }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
  );
  const bound = fc.oneof(
    fc.integer(),
    fc.string({ minLength: 1 }).filter((some) => some.trim() !== ""),
  );
  const filter: fc.Arbitrary<ViewFilter> = fc.oneof(
    fc.record({ type: fc.constantFrom("is", "is-not"), column, value: operand }),
    fc.record({
      type: fc.constant("one-of"),
      column,
      values: fc.uniqueArray(operand, { minLength: 1, selector: (value) => offeredText(value, "is") ?? value }),
    }),
    fc.record({ type: fc.constantFrom("less", "greater"), column, than: bound }),
    fc.record({ type: fc.constant("between"), column, from: bound, to: bound }),
    fc.record({ type: fc.constantFrom("empty", "not-empty"), column }),
    fc.record({ type: fc.constant("state"), column: fc.constantFrom(all, topicRef), state: fc.constant("failed") }),
    fc.record({
      type: fc.constant("differs"),
      column: fc.constant(all),
      among: fc.constant([{ model: "small" }, { model: "large" }]),
    }),
  );

  test("is the same filter, of the same variants and values", () => {
    fc.assert(
      fc.property(filter, (before) => {
        // A number and a text that reads the same cannot both be bounds.
        fc.pre(before.type !== "between" || String(before.from) !== String(before.to));
        expect(filterOf(draftOf(before, columns), columns, [])).toEqual(before);
      }),
    );
  });

  test("stays of all its variants when its value is another", () => {
    const before = { type: "is", column: all, value: "a" } as const;
    expect(filterOf({ ...draftOf(before, columns), value: "b" }, columns, [])).toEqual({ ...before, value: "b" });
  });
});

describe("a filter of no column that there is", () => {
  const differs = { type: "differs", column: { type: "cell", cell: "topic", at: {} } } as const;
  const gone = { type: "is", column: { type: "row", column: "gone" }, value: "a" } as const;

  test.each<[string, ViewFilter]>([
    ["all variants of a cell", differs],
    ["a column that is gone", gone],
  ])("has none of them chosen, so that each can be: %s", (_, before) => {
    const opened = draftOf(before, columns);
    expect(columns.map(({ id }) => id)).not.toContain(opened.column);
    expect(filterOf(opened, columns, [])).toEqual(before);
    const chosen = { ...opened, column: "cell topic", condition: "is", value: "b", was: null } as const;
    expect(filterOf(chosen, columns, [])).toEqual({ type: "is", column: topicRef, value: "b" });
  });

  test("is asked what its cell's columns are asked", () => {
    expect(columnOf(draftOf(differs, columns), columns)).toBe(topic);
    expect(columnOf(draft("row amount", "is"), columns)).toBe(amount);
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
