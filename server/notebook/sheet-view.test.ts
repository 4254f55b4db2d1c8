import { describe, expect, test } from "vitest";
import { columnText, filterText, type CellRef, type ColumnRef, type ViewFilter } from "./sheet-view.ts";

const row = (column: string): ColumnRef => ({ type: "row", column });
const cell = (name: string, at: CellRef["at"] = {}, field?: string): CellRef => ({
  type: "cell",
  cell: name,
  at,
  ...(field === undefined ? {} : { field }),
});
const models = (...labels: readonly string[]) => labels.map((model) => ({ model }));

describe("a filter in words", () => {
  test.each<[ViewFilter, string]>([
    [{ type: "is", column: cell("topic"), value: "card_arrival" }, "topic is card_arrival"],
    [{ type: "is", column: cell("correct"), value: false }, "correct is no"],
    [{ type: "is", column: row("note"), value: "" }, "note is “”"],
    [{ type: "is-not", column: row("amount"), value: 5 }, "amount is not 5"],
    [{ type: "one-of", column: row("topic"), values: ["a", "b", true] }, "topic is one of a, b or yes"],
    [{ type: "one-of", column: row("topic"), values: ["a"] }, "topic is a"],
    [{ type: "contains", column: row("text"), text: "my card" }, "text contains “my card”"],
    [{ type: "less", column: row("amount"), than: 5 }, "amount is less than 5"],
    [{ type: "greater", column: row("day"), than: "2026-01-31" }, "day is greater than 2026-01-31"],
    [{ type: "between", column: row("amount"), from: 1, to: 5 }, "amount is between 1 and 5"],
    [{ type: "empty", column: cell("topic") }, "topic is empty"],
    [{ type: "not-empty", column: cell("invoice", {}, "total") }, "invoice.total is not empty"],
    [{ type: "state", column: cell("topic"), state: "failed" }, "topic failed"],
    [{ type: "state", column: cell("topic", { model: "small" }), state: "stale" }, "topic [small] is stale"],
    [{ type: "state", column: cell("topic"), state: "never" }, "topic never ran"],
    [{ type: "state", column: cell("topic"), state: "current" }, "topic is current"],
    [{ type: "state", column: cell("topic"), state: "locked" }, "topic is locked"],
    [{ type: "state", column: cell("topic"), state: "edited" }, "topic is edited by hand"],
    [{ type: "state", column: cell("topic"), state: "from-cache" }, "topic is from cache"],
    [{ type: "differs", column: cell("topic"), among: models("small", "big") }, "topic differs between small and big"],
    [{ type: "differs", column: cell("topic"), among: models("a", "b", "c") }, "topic differs between a, b and c"],
    [{ type: "differs", column: cell("topic", { shots: "5" }) }, "topic [5] differs"],
    [{ type: "differs", column: cell("topic"), among: models("small") }, "topic differs"],
    [
      {
        type: "differs",
        column: cell("topic"),
        among: [
          { model: "small", shots: "5" },
          { model: "big", shots: "0" },
        ],
      },
      "topic differs between small 5 and big 0",
    ],
    [
      {
        type: "differs",
        column: cell("topic"),
        among: [
          { model: "small", shots: "5" },
          { model: "big", shots: "5" },
        ],
      },
      "topic [5] differs between small and big",
    ],
  ])("%j", (filter, text) => expect(filterText(filter)).toBe(text));
});

test("a column is named by its cell, field and labels", () => {
  expect(
    [row("text"), cell("topic", { model: "small", shots: "5" }), cell("invoice", {}, "total")].map(columnText),
  ).toEqual(["text", "topic [small, 5]", "invoice.total"]);
});
