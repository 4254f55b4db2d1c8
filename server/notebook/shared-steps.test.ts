import { expect, test } from "vitest";
import { fence, graphOf } from "./__fixtures__/graph-of.ts";
import { planRun } from "./plan.ts";
import { sharedSteps } from "./shared-steps.ts";

const inputs = "inputs:\n  message: { type: string, default: Hi }\n  given: { type: table, default: [] }\n";

function shared(cells: readonly string[], { effects = {}, volatile = [] }: Settings = {}): readonly string[] {
  const graph = graphOf(inputs, ...cells);
  const plan = planRun(graph, { type: "stale" }, { effect: ({ name }) => effects[name] ?? "pure" });
  expect(plan.blocked).toEqual([]);
  const cellsOf = new Set(volatile.flatMap((name) => graph.nodes.get(name)!.wordings));
  return sharedSteps(plan, graph, cellsOf).map(({ node }) => node);
}

interface Settings {
  readonly effects?: { readonly [name: string]: "pure" | "local" | "model" | "paid" | "external" };
  readonly volatile?: readonly string[];
}

const row = fence("template own", "{{ row.text }}");
const sheet = (fields: string): string => fence("sheet whole", `---\n${fields}\n---\n${row}`);
const rows = fence("data rows", "text\nHi");

test("what reads an input, directly or not, is each caller's own", () => {
  expect(
    shared([
      fence("template a", "1"),
      fence("template b", "{{ a }}"),
      fence("template c", "{{ message }}"),
      fence("template d", "{{ b }} {{ c }}"),
    ]),
  ).toEqual(["a", "b"]);
});

test("what calls a model or reaches outside is each caller's own, with all that needs it", () => {
  const cells = ["a", "b", "c", "d"].map((name) => fence(`template ${name}`, "1"));
  expect(
    shared([...cells, fence("template e", "{{ a }}"), fence("template f", "{{ b }}")], {
      effects: { a: "paid", b: "local", c: "model", d: "external" },
    }),
  ).toEqual(["b", "f"]);
});

test("what gives another answer at every run is each caller's own", () => {
  const cells = [fence("sql drawn", "select random()"), fence("sql read", "from drawn"), fence("sql same", "select 1")];
  expect(shared(cells, { volatile: ["drawn"] })).toEqual(["same"]);
});

test("a sheet is shared with its columns where neither its rows nor what they bind are the caller's", () => {
  expect(shared([rows, sheet("rows: rows")])).toEqual(["rows", "whole.own", "whole"]);
  expect(shared([rows, sheet("rows: given")])).toEqual(["rows"]);
  expect(shared([rows, sheet('rows: rows\nwith: { message: "=row.text ~ given" }')])).toEqual(["rows"]);
  expect(shared([rows, sheet("rows: rows\nwith: { message: =row.text }")])).toEqual(["rows", "whole.own", "whole"]);
});
