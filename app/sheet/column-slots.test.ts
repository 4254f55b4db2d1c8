import { expect, test } from "vitest";
import { axesOf, columnSlots, leadOf, linesOfRow } from "./column-slots.ts";
import { labelsText, type CellColumn, type GridColumn } from "./columns.ts";

const row: GridColumn = { type: "row", id: "row text", name: "text", word: "string", numeric: false };
function column(cell: string, at: CellColumn["at"]): CellColumn {
  const own = { type: "cell", node: `s.${cell}`, cell, kind: "prompt", at, field: null, places: [0] } as const;
  const rest = { label: labelsText(at), folded: 0, score: null, entry: null, numeric: false };
  return { ...own, ...rest, id: `cell ${cell} ${labelsText(at)}` };
}
const answers = ["small", "big"].flatMap((model) =>
  ["plain", "warm", "brief"].map((tone) => column("answer", { model, tone })),
);
const scores = ["small", "big"].map((model) => column("score", { model }));
const all = [row, ...answers, ...scores];
const shape = (columns: readonly GridColumn[], down: readonly string[], pinned: readonly string[] = []) =>
  columnSlots(columns, { down, pinned }, all).map(({ head, lines }) => [
    head.type === "row" ? head.name : `${head.cell} ${head.label}`.trim(),
    lines.map(({ line, label }) => (line === null ? label : `${line} ${label}`)),
  ]);

test("where no axis goes down each column has a place across, as high as its row", () => {
  const slots = columnSlots(all, { down: [], pinned: [] });
  expect(slots.map(leadOf)).toEqual(all);
  expect(slots.every(({ lines }) => lines.length === 1 && lines[0]!.line === null)).toBe(true);
  expect(linesOfRow(slots)).toBe(1);
});

test("an axis goes down by itself, and the others stay across under heads of their own", () => {
  expect(shape(all, ["tone"])).toEqual([
    ["text", [""]],
    ["answer small", ["0 tone plain", "1 tone warm", "2 tone brief"]],
    ["answer big", ["0 tone plain", "1 tone warm", "2 tone brief"]],
    ["score small", [""]],
    ["score big", [""]],
  ]);
  expect(shape(all, ["model"]).slice(1)).toEqual([
    ["answer tone plain", ["0 small", "1 big"]],
    ["answer tone warm", ["0 small", "1 big"]],
    ["answer tone brief", ["0 small", "1 big"]],
    ["score", ["0 small", "1 big"]],
  ]);
});

test("of several axes that go down every combination is a line", () => {
  const slots = columnSlots(all, { down: ["model", "tone"], pinned: [] });
  expect(slots).toHaveLength(3);
  expect(slots[1]!.lines.map(({ line }) => line)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(linesOfRow(slots)).toBe(6);
});

test("lines of the same labels are level, in the order of the axis, whatever is hidden and however columns are put", () => {
  const [plain, warm, brief, , bigWarm] = answers;
  const shown = [bigWarm!, brief!, plain!];
  // In the order they are declared in, although the only one of the middle line stands first.
  expect(shape(shown, ["tone"])).toEqual([
    ["answer big", ["1 tone warm"]],
    ["answer small", ["0 tone plain", "2 tone brief"]],
  ]);
  expect(shape([brief!, row, warm!, plain!], ["tone"])[0]).toEqual([
    "answer",
    ["0 tone plain", "1 tone warm", "2 tone brief"],
  ]);
});

test("a column that is pinned by itself has a place of its own", () => {
  const [plain, warm, brief] = answers;
  expect(shape([warm!, plain!, brief!], ["tone"], [warm!.id]).map(([, lines]) => lines)).toEqual([
    ["1 tone warm"],
    ["0 tone plain", "2 tone brief"],
  ]);
});

test("the axes that can go down are those of which several labels are shown", () => {
  expect(axesOf(all)).toEqual(["model", "tone"]);
  expect(axesOf([row, ...answers.slice(0, 3)])).toEqual(["tone"]);
});
