import { expect, test } from "vitest";
import { createRunBoard } from "./run-board.ts";

test("a run says which rows and variants it goes over, and of too many to tell that it is all that are not settled", () => {
  const board = createRunBoard(
    () => 0,
    () => {},
  );
  const rows = (count: number) => Array.from({ length: count }, (_, index) => String(index));
  board.begin({
    id: "a",
    title: "topic",
    automatic: false,
    budget: null,
    rows: { triage: { type: "first", count: 5 }, other: { type: "rows", rows: rows(1_000) } },
    at: [{ model: "small" }],
  });
  board.begin({
    id: "b",
    title: "topic",
    automatic: false,
    budget: null,
    rows: { triage: { type: "rows", rows: rows(1_001) } },
  });
  expect(board.runs["a"]!.rows).toEqual({
    triage: { type: "first", count: 5 },
    other: { type: "rows", rows: rows(1_000) },
  });
  expect(board.runs["a"]!.at).toEqual([{ model: "small" }]);
  expect(board.runs["b"]!.rows).toEqual({ triage: { type: "stale" } });
});
