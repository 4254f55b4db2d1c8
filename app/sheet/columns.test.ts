import { expect, test } from "vitest";
import type { CellView, NodeView, SheetView } from "#server/workbench/view.ts";
import { columnRef, labelsText, sheetColumns, variantGroups } from "./columns.ts";

function node(name: string, kind: string, axes: NodeView["axes"] = [], chosen = {}): NodeView {
  return {
    id: `triage.${name}`,
    name,
    kind,
    sheet: "triage",
    cells: [name],
    axes,
    chosen,
    effect: "pure",
    reads: [],
    readers: [],
    addresses: [],
    blocked: null,
    progress: null,
  };
}

function cell(name: string, configuration: CellView["configuration"] = {}): CellView {
  return { path: name, name, configuration } as CellView;
}

function columnsOf(nodes: readonly NodeView[], cells: readonly CellView[] = [], open = {}) {
  const sheet = {
    id: "triage",
    rowColumns: [
      { name: "text", type: "VARCHAR" },
      { name: "amount", type: "DECIMAL(10,2)" },
    ],
    columns: nodes.map(({ id }) => id),
  } as unknown as SheetView;
  return sheetColumns(
    sheet,
    {
      nodes: Object.fromEntries(nodes.map((each) => [each.id, each])),
      cells: Object.fromEntries(cells.map((each) => [each.path, each])),
    },
    open,
  );
}

const models = { name: "model", labels: ["small", "large"] };
const shots = { name: "shots", labels: ["0", "5"] };

test("the rows' columns come first, with their types in words", () => {
  expect(columnsOf([])).toEqual([
    { type: "row", id: "row text", name: "text", word: "string", numeric: false },
    { type: "row", id: "row amount", name: "amount", word: "number", numeric: true },
  ]);
});

test("variants stand side by side, each with the labels that tell it apart", () => {
  const columns = columnsOf([node("topic", "prompt", [models, shots])]).slice(2);
  expect(columns.map((column) => column.type === "cell" && column.label)).toEqual([
    "small · 0 shots",
    "small · 5 shots",
    "large · 0 shots",
    "large · 5 shots",
  ]);
});

test("repeats are one column with all their places", () => {
  const groups = variantGroups({ axes: [models, { name: "repeat", labels: ["1", "2", "3"] }] });
  expect(groups.map(({ at, places }) => ({ at, places }))).toEqual([
    { at: { model: "small" }, places: [0, 1, 2] },
    { at: { model: "large" }, places: [3, 4, 5] },
  ]);
});

test("of more than six variants the chosen one is shown, and those that were opened", () => {
  const many = { name: "shots", labels: ["0", "1", "2", "5"] };
  const topic = node("topic", "prompt", [models, many], { model: "small", shots: "5" });
  const [chosen, ...others] = columnsOf([topic]).slice(2);
  expect(chosen).toMatchObject({ at: { model: "small", shots: "5" }, folded: 7 });
  expect(others).toEqual([]);
  const opened = variantGroups(topic).find(({ at }) => at["model"] === "large" && at["shots"] === "5")!;
  const both = columnsOf([topic], [], { topic: [opened.text] }).slice(2);
  expect(both.map((column) => column.type === "cell" && column.label)).toEqual(["small", "large"]);
});

test("an answer has the verdicts of the score that judges it at the same variants", () => {
  const nodes = [
    node("topic", "prompt", [models]),
    node("correct", "score", [models]),
    node("other", "score", [models]),
  ];
  const cells = [cell("correct", { output: "=topic" }), cell("other", { output: "=topic" })];
  expect(columnsOf(nodes, cells).slice(2)).toMatchObject([
    { cell: "topic", score: "correct" },
    { cell: "topic", score: "correct" },
    { score: null },
    { score: null },
    { score: null },
    { score: null },
  ]);
  expect(columnsOf([node("topic", "prompt", []), nodes[1]!], cells)[2]).toMatchObject({ score: null });
});

test("fields of an answer that is an object are columns of their own", () => {
  const invoice = [cell("invoice", { schema: { vendor: "string", total: "number", currency: ["EUR", "USD"] } })];
  const columns = columnsOf([node("invoice", "prompt")], invoice).slice(2);
  expect(columns).toMatchObject([
    { field: "vendor", label: "vendor", numeric: false },
    { field: "total", label: "total", numeric: true },
    { field: "currency" },
  ]);
  expect(columnRef(columns[1]!)).toEqual({ type: "cell", cell: "invoice", at: {}, field: "total" });
  const asJsonSchema = [cell("invoice", { schema: { type: "object", properties: { total: { type: "integer" } } } })];
  expect(columnsOf([node("invoice", "prompt")], asJsonSchema)[2]).toMatchObject({ field: "total", numeric: true });
  expect(columnsOf([node("topic", "prompt")], [cell("topic", { schema: { enum: ["a", "b"] } })])[2]).toMatchObject({
    field: null,
  });
});

test("labels that all have in common are left out", () => {
  expect(labelsText({ model: "small", shots: "5" }, { shots: "5" })).toBe("small");
  expect(labelsText({ with_examples: "true" })).toBe("with examples");
});
