import { describe, expect, test } from "vitest";
import { awaitedRows } from "./awaited-rows.ts";

const node = (over: object = {}) => ({
  id: "tickets",
  name: "tickets",
  kind: "sql",
  sheet: null,
  cells: ["tickets"],
  axes: [],
  chosen: {},
  effect: "pure",
  reads: [],
  readers: [],
  addresses: ["tickets"],
  blocked: null,
  progress: null,
  ...over,
});
const result = (over: object = {}) => ({
  freshness: { state: "never" },
  outcome: null,
  value: null,
  error: null,
  because: [],
  waiting: null,
  ...over,
});
function awaited(over: {
  rows?: string | null;
  problem?: object;
  node?: object;
  result?: object;
  trusted?: boolean;
  inputs?: object[];
}) {
  const { rows = "tickets", problem = null, trusted = true, inputs = [] } = over;
  return awaitedRows("triage", {
    nodes: { triage: node({ id: "triage", name: "triage", kind: "sheet" }), tickets: node(over.node) },
    results: { tickets: result(over.result) },
    sheets: { triage: { rows, problem } },
    cells: {},
    head: { head: { trusted, inputs } },
  } as never);
}

describe("rows that are awaited", () => {
  test.each([
    [{}, "It has not been run yet.", "Run tickets"],
    [
      { result: { freshness: { state: "stale", reasons: ["source"] } } },
      "It is stale because of source.",
      "Run tickets",
    ],
    [{ result: { outcome: "blocked", because: ["files"] } }, "It waits for files.", "Run tickets"],
    [{ node: { progress: { state: "running", run: "r1" } } }, "It is running.", "Stop tickets"],
    [{ trusted: false }, "It runs once this notebook is trusted: look through it first.", "Go to tickets"],
    [
      {
        result: {
          outcome: "error",
          freshness: { state: "current" },
          error: { code: "sql", message: "there is no column a", cure: "Name another." },
        },
      },
      "It failed: there is no column a. Name another.",
      "Go to tickets",
    ],
    [
      { result: { outcome: "ok", freshness: { state: "current" }, value: { type: "number", value: 1 } } },
      "Its value is neither a table nor a list: it is of type number.",
      "Go to tickets",
    ],
    [{ result: { waiting: { message: "somebody has to agree" } } }, "It waits: somebody has to agree", "Go to tickets"],
  ] as const)("say why, and the one next step: %j", (over, text, label) => {
    const found = awaited(over);
    expect(found.title).toBe("The rows come from tickets");
    expect([found.text, found.step.label]).toEqual([text, label]);
  });

  test("say what is wrong with them where they are there and cannot be opened", () => {
    const problem = { code: "sheet.no-column", message: "they have no column id", cure: "Name another." };
    expect(awaited({ problem })).toEqual({
      title: "The rows cannot be opened",
      text: "they have no column id. Name another.",
      step: { type: "go", cell: "triage", label: "Settings of triage" },
    });
  });

  test("say what is to be named where nothing is, and which input is to be given", () => {
    expect(awaited({ rows: null }).step).toEqual({ type: "go", cell: "triage", label: "Settings of triage" });
    const ofInput = (type: string) => awaited({ rows: "file", inputs: [{ name: "file", type }] });
    expect(ofInput("table").text).toBe("It has no table yet: choose a file for it, or give it rows.");
    expect(ofInput("json").text).toBe("It has no list yet: give it one.");
    expect(ofInput("json").step).toEqual({
      type: "go",
      cell: null,
      label: "Go to file",
    });
    expect(awaited({ rows: "a list" })).toEqual({
      title: "The rows are a list in the settings",
      text: "It has not been run yet.",
      step: { type: "run", node: "triage", label: "Run triage" },
    });
    expect(awaited({ rows: "a list", trusted: false }).step.label).toBe("Settings of triage");
    expect(awaited({ rows: "gone" }).text).toBe("There is no gone in this notebook.");
  });
});
