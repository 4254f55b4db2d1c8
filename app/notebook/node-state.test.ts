import { expect, test } from "vitest";
import type { NodeView, NotebookView, ProgressView, ResultView } from "#server/workbench/view.ts";
import { cellState, nodeState, resultState } from "./node-state";

const mistake = {
  severity: "error",
  code: "sql.syntax",
  message: "syntax error",
  cure: "Correct it.",
  position: { line: 2, column: 1 },
};
const result = (address: string, more: Partial<ResultView> = {}): ResultView =>
  ({
    address,
    freshness: { state: "never" },
    outcome: null,
    waiting: null,
    because: [],
    error: null,
    calls: [],
    ...more,
  }) as unknown as ResultView;
const node = (more: Partial<NodeView> = {}): NodeView =>
  ({
    id: "ask",
    sheet: null,
    cells: ["ask.short", "ask.long"],
    addresses: ["ask{prompt=long}", "ask{prompt=short}"],
    blocked: null,
    progress: null,
    ...more,
  }) as unknown as NodeView;
/** A cell of two wordings of which the long one does not parse. */
const view = (...results: readonly ResultView[]): NotebookView =>
  ({
    cells: { "ask.short": { label: "short", diagnostics: [] }, "ask.long": { label: "long", diagnostics: [mistake] } },
    results: Object.fromEntries(results.map((each) => [each.address, each])),
    streams: {},
  }) as unknown as NotebookView;
const long = (more: Partial<ResultView> = {}) => result("ask{prompt=long}", more);
const short = (more: Partial<ResultView> = {}) => result("ask{prompt=short}", more);
const current = { freshness: { state: "current" }, outcome: "ok" } as const;
const stale = { freshness: { state: "stale", reasons: ["source"] }, outcome: "ok" } as unknown as Partial<ResultView>;
const clock = (): number => 0;

test.each<[string, ResultView, string]>([
  ["that was never run", long(), "error"],
  ["whose last good text was run", long(stale), "error"],
  ["that is fixed by hand", long({ freshness: { state: "locked" }, outcome: "ok" }), "locked"],
  ["that was run all the same", long(current), "current"],
])("a text with a mistake %s is said to be so", (_, one, word) => {
  const said = resultState(one, node(), view(one), clock);
  expect(said.word).toBe(word);
  if (word === "error") expect(said.tooltip).toBe("syntax error (line 2, column 1). Correct it.");
});

test("a mistake is its own wording's, and the first thing to know of the whole cell", () => {
  const all = view(long(), short());
  expect(resultState(short(), node(), all, clock).word).toBe("never run");
  expect(cellState({ label: "short" }, node(), all, clock).word).toBe("never run");
  expect(cellState({ label: "long" }, node(), all, clock).word).toBe("error");
  expect(nodeState(node(), view(long(), short(current)), clock).word).toBe("error");
});

test("while it runs, that is what it says", () => {
  const progress = { state: "running", since: null, preparation: null } as ProgressView;
  expect(nodeState(node({ progress }), view(long(), short()), clock).word).toBe("running");
});
