import { expect, test } from "vitest";
import { sheetText } from "./sheet-text.ts";

const text = { type: "string" } as const;
const wide = {
  columns: [{ name: "id", type: "number" }],
  rowCount: 12,
  rows: Array.from({ length: 12 }, (_, id) => ({ id })),
};
const topic = {
  columns: [
    { name: "shots", type: "number" },
    { name: "topic", ...text },
  ],
  rowCount: 24,
  rows: wide.rows.flatMap(({ id }) =>
    [0, 5].map((shots) => ({
      id,
      shots,
      topic: id === 1 ? null : `${shots}: ${id}`,
      meta: id === 1 ? { outcome: "error", error: "no answer" } : { outcome: "ok", error: null },
    })),
  ),
};
const summary = { column: "topic", n: 0, total: 12, mean: null, errors: 1, skipped: 0, open: 0 };

test("a sheet shows its first rows at the chosen labels, whatever type they have, then figures, then each error once", () => {
  const summaries = [
    { ...summary, at: { shots: "0" } },
    { ...summary, at: { shots: "5" } },
  ];
  const lines = sheetText(wide, { topic }, { topic: { shots: "5" } }, summaries, 60).split("\n");
  expect(lines.slice(0, 5)).toEqual(["id  topic · 5", "──  ─────────", " 0  5: 0", " 1", " 2  5: 2"]);
  expect(lines.slice(11)).toEqual([
    " 9  5: 9",
    "… and 2 more",
    "",
    "column  shots  n  of  failed",
    "──────  ─────  ─  ──  ──────",
    "topic   0      0  12       1",
    "topic   5      0  12       1",
    "",
    "topic: no answer (2 times)",
  ]);
});
