import { expect, test } from "vitest";
import type { NodeView, NotebookView } from "#server/workbench/view.ts";
import { columnState, runningColumn, sheetState } from "./sheet-state";

const node = (id: string, more: Partial<NodeView> = {}): NodeView =>
  ({ id, cells: [], sheet: id === "rows" ? null : "rows", blocked: null, progress: null, ...more }) as NodeView;
interface Counts {
  readonly counts: object;
  readonly outcomes: object;
}
const shown = (
  counts: readonly Counts[],
  columns: readonly NodeView[] = [],
  sheet: NodeView = node("rows"),
): string => {
  const view = {
    cells: {},
    nodes: Object.fromEntries([sheet, ...columns].map((each) => [each.id, each])),
    sheets: { rows: { counts: { first: counts.slice(0, 1), second: counts.slice(1) } } },
  } as unknown as NotebookView;
  const { icon, word, tone } = sheetState(sheet, view, () => 3_000);
  return `${icon} | ${word} | ${tone}`;
};
const counts = (counts: object, outcomes: object = {}): Counts => ({ counts, outcomes });
const out = (outcome: "skipped" | "blocked") => ({ outcome, error: null, because: [] });
const running = { state: "running", since: 1_000, preparation: null } as NodeView["progress"];
const queued = { state: "queued", since: null } as NodeView["progress"];

test.each<[string, string, string]>([
  ["no rows", shown([]), "never | never run | quiet"],
  ["nothing run", shown([counts({ never: 5 }), counts({ never: 5 })]), "never | never run | quiet"],
  ["some run", shown([counts({ never: 1_500, current: 5 })]), "stale | 1,500 not run | stale"],
  [
    "some stale",
    shown([counts({ "stale-key": 2, current: 1 }), counts({ "stale-input": 1, never: 2 })]),
    "stale | 3 stale, 2 not run | stale",
  ],
  ["all current", shown([counts({ current: 2, locked: 1 }), counts({ edited: 3 })]), "current | current | good"],
  ["some failed", shown([counts({ current: 5 }, { ok: 3, error: 2 })]), "error | 2 failed | bad"],
  [
    "some failed and some open",
    shown([counts({ current: 5, never: 1 }, { error: 2 })]),
    "error | 2 failed, 1 not run | bad",
  ],
  [
    "a column that runs",
    shown([counts({ never: 5 })], [node("rows.a", { progress: running })]),
    "running | running 2.0 s | busy",
  ],
  [
    "something that blocks it",
    shown([], [], node("rows", { blocked: { code: "x", message: "no rows" } as never })),
    "error | error | bad",
  ],
  [
    "a `when` that is false",
    shown([counts({ current: 2 }, { skipped: 2 })], [], node("rows", { without: out("skipped") })),
    "skipped | skipped | quiet",
  ],
  [
    "rows that are blocked",
    shown([], [], node("rows", { without: { ...out("blocked"), because: ["tickets"] } })),
    "blocked | blocked by tickets | stale",
  ],
  [
    "a column that runs while its `when` was false before",
    shown([], [node("rows.a", { progress: running })], node("rows", { without: out("skipped") })),
    "running | running 2.0 s | busy",
  ],
])("a sheet with %s", (_, found, expected) => expect(found).toBe(expected));

test("a column has the state of its own rows", () => {
  const view = {
    cells: { wrong: { label: null, diagnostics: [{ severity: "error", message: "it does not parse" }] } },
    sheets: {
      rows: {
        counts: {
          a: [counts({ current: 2 })],
          b: [counts({ current: 1, never: 1 })],
          d: [counts({ never: 1, "stale-key": 1 })],
        },
      },
    },
  } as unknown as NotebookView;
  expect(columnState(node("rows.a", { name: "a" }), view, () => 0).word).toBe("current");
  expect(columnState(node("rows.b", { name: "b" }), view, () => 0).word).toBe("1 not run");
  expect(columnState(node("rows.c", { name: "c" }), view, () => 0).word).toBe("never run");
  expect(columnState(node("rows.d", { name: "d", cells: ["wrong"] }), view, () => 0).word).toBe("error");
  expect(columnState(node("rows.b", { name: "b", cells: ["wrong"] }), view, () => 0).word).toBe("1 not run");
});

test("the column that runs stands before those that wait for their turn", () => {
  const nodes = [node("rows.a", { progress: queued }), node("rows.b", { progress: running }), node("rows.c")];
  const view = { nodes: Object.fromEntries(nodes.map((each) => [each.id, each])) } as unknown as NotebookView;
  expect(runningColumn("rows", view)?.id).toBe("rows.b");
  expect(runningColumn("other", view)).toBe(null);
});
