import { expect, test } from "vitest";
import type { NodeView, NotebookView } from "#server/workbench/view.ts";
import { problemsOf } from "./problems";

const node = (id: string, more: Partial<NodeView> = {}): NodeView =>
  ({ id, name: id.split(".").at(-1), sheet: null, cells: [id], addresses: [id], blocked: null, ...more }) as NodeView;
const diagnostic = (message: string, severity = "error") => ({ severity, message, cure: "Do.", position: { line: 7 } });
const error = (message: string) => ({ code: "x", message });

const view = {
  head: {
    head: {
      diagnostics: [diagnostic("the head is odd", "warning")],
      order: [
        { type: "prose", key: "" },
        { type: "cell", path: "late" },
        { type: "cell", path: "triage" },
        { type: "cell", path: "early" },
      ],
    },
  },
  cells: {
    early: { diagnostics: [diagnostic("it does not parse")] },
    late: { diagnostics: [] },
    "triage.correct": { diagnostics: [diagnostic("an unknown key", "warning")] },
    triage: { diagnostics: [] },
  },
  nodes: {
    early: node("early", { blocked: error("its text has an error") as never }),
    cycle: node("cycle", { cells: ["late"], blocked: error("it reads itself") as never }),
    late: node("late", { addresses: ["late{model=a}", "late{model=b}", "late{model=c}"] }),
    "triage.correct": node("triage.correct", { sheet: "triage", addresses: [] }),
    "triage.late": node("triage.late", { sheet: "triage", cells: ["late"], addresses: [] }),
    keyless: node("keyless", { cells: ["triage"] }),
  },
  results: {
    "late{model=a}": { outcome: "error", error: error("no key"), at: { model: "a" } },
    "late{model=b}": { outcome: "ok", error: null, at: { model: "b" } },
    "late{model=c}": { outcome: "blocked", error: error("because of early"), at: { model: "c" } },
  },
  sheets: {
    keyless: { problem: error("its rows have no key") },
    triage: {
      counts: {
        correct: [{ outcomes: { ok: 3 } }],
        late: [{ outcomes: { error: 1_200 } }, { outcomes: { error: 34, ok: 1 } }],
      },
    },
  },
} as unknown as NotebookView;

test("problems are told once, in the order of the page, with where to go for them", () => {
  expect(
    problemsOf(view).map(({ severity, block, subject, message, line }) => [severity, block, subject, message, line]),
  ).toEqual([
    ["warning", null, "notebook", "the head is odd", 7],
    ["error", "late", "cycle", "it reads itself", null],
    ["error", "late", "late · a", "no key", null],
    ["warning", "triage.correct", "triage.correct", "an unknown key", 7],
    ["error", "triage", "triage.late", "1,234 rows failed", null],
    ["error", "triage", "keyless", "its rows have no key", null],
    ["error", "early", "early", "it does not parse", 7],
  ]);
});

test("a notebook in which nothing is wrong has none", () => {
  const fine = { ...view, nodes: {}, cells: {}, head: { head: { ...view.head.head, diagnostics: [] } } };
  expect(problemsOf(fine)).toEqual([]);
});
