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
const answers = topic.rows.filter(({ shots }) => shots === 5).map((row) => row.topic);
const summary = { column: "topic", n: 0, total: 12, mean: null, errors: 1, skipped: 0, open: 0 };

test("a sheet shows its first rows at the chosen labels, then figures, then each error once", () => {
  const summaries = [
    { ...summary, at: { shots: "0" } },
    { ...summary, at: { shots: "5" } },
  ];
  const chosen = [{ name: "topic", labels: "5", values: answers }];
  const errors = [{ column: "topic", message: "no answer", count: 2 }];
  const lines = sheetText(wide, { topic }, chosen, summaries, errors, 60).split("\n");
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

test("a sheet shows its own objects by their fields, and those of the rows as they are", () => {
  const columns = ["place", "fields"].map((name) => ({ name, type: "json" }));
  const rows = [
    { place: { x: 1 }, fields: { vendor: "A", total: 2 } },
    { place: { x: 2 }, fields: null },
  ];
  const chosen = [{ name: "fields", labels: "small", values: [null, { total: 3 }] }];
  const cells = { fields: { columns: [], rowCount: 0, rows: [] } };
  expect(sheetText({ columns, rowCount: 2, rows }, cells, chosen, [], [], 80).split("\n")).toEqual([
    "place    fields.vendor  fields.total  fields.total · small",
    "───────  ─────────────  ────────────  ────────────────────",
    '{"x":1}  A                         2',
    '{"x":2}                                                  3',
  ]);
});
