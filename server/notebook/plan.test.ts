import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fence, graphOf } from "./__fixtures__/graph-of.ts";
import { addressesOf, planRun, readersOf, type Scope } from "./plan.ts";

const settings = { effect: () => "pure" as const };
const inputs = "inputs:\n  message: { type: string, default: Hi }\n";
const chain = graphOf(
  "",
  fence("template a", "1"),
  fence("template b", "{{ a }}"),
  fence("template c", "{{ b }}"),
  fence("template other", "2"),
);
const steps = (scope: Scope) => planRun(chain, scope, settings).steps.map((step) => step.node);

describe("scopes", () => {
  test("a cell comes with what it needs", () => expect(steps({ type: "cells", cells: ["b"] })).toEqual(["a", "b"]));
  test("a cell alone comes alone and is computed again", () => {
    const plan = planRun(chain, { type: "only", cell: "b" }, settings);
    expect(plan.steps).toMatchObject([{ node: "b", force: true }]);
  });
  test("downstream is everything that reads it, with what those need", () =>
    expect(steps({ type: "downstream", cell: "b" })).toEqual(["a", "b", "c"]));
  test("all stale is everywhere, and nothing settled is forced", () => {
    expect(steps({ type: "stale" })).toEqual(["a", "b", "c", "other"]);
    expect(planRun(chain, { type: "stale" }, settings).steps.every((step) => !step.force)).toBe(true);
  });
  test("all is everything again", () =>
    expect(planRun(chain, { type: "all" }, settings).steps.every((step) => step.force)).toBe(true));
  test("an unknown cell plans nothing", () => expect(steps({ type: "cells", cells: ["nobody"] })).toEqual([]));
});

test("a blocked node is left out, and named", () => {
  const graph = graphOf("", fence("template a", "{{ nobody }}"), fence("template b", "{{ a }}"));
  const plan = planRun(graph, { type: "stale" }, settings);
  expect(plan.blocked).toEqual(["a"]);
  expect(plan.steps).toMatchObject([{ node: "b", needs: [] }]);
});

describe("a sheet's columns", () => {
  const graph = graphOf(
    inputs,
    fence("data tickets", "text\nHi"),
    fence("prompt topic", "---\nmodels: [small, big]\n---\n{{ message }}"),
    fence("sheet triage", "---\nrows: tickets\nwith: { message: =row.text }\ncolumns: [topic]\n---\n"),
  );

  test("take the rows asked for, stale ones otherwise", () => {
    const rows = { type: "first", count: 5 } as const;
    const of = (plan: ReturnType<typeof planRun>) => plan.steps.find((step) => step.node === "triage.topic")?.rows;
    expect(of(planRun(graph, { type: "stale" }, settings))).toEqual({ type: "stale" });
    expect(of(planRun(graph, { type: "stale" }, { ...settings, everySheet: rows }))).toEqual(rows);
    expect(of(planRun(graph, { type: "stale" }, { ...settings, rows: { triage: { type: "failed" } } }))).toEqual({
      type: "failed",
    });
  });

  test("come after their rows and before the sheet's table", () => {
    expect(planRun(graph, { type: "cells", cells: ["triage"] }, settings).steps.map((step) => step.node)).toEqual([
      "tickets",
      "triage.topic",
      "triage",
    ]);
  });

  test("have an address for each row and variant, one at a time", () => {
    const step = planRun(graph, { type: "stale" }, settings).steps.find(({ node }) => node === "triage.topic")!;
    function* endless(): Generator<string> {
      for (let row = 0; ; row += 1) yield `r${row}`;
    }
    const addresses = addressesOf(step, endless(), "triage");
    expect([addresses.next().value, addresses.next().value, addresses.next().value]).toEqual([
      { cell: "triage.topic", at: { model: "small", triage: "r0" } },
      { cell: "triage.topic", at: { model: "big", triage: "r0" } },
      { cell: "triage.topic", at: { model: "small", triage: "r1" } },
    ]);
  });
});

test("every step comes after all it needs, whatever the graph", () => {
  const graphs = fc
    .integer({ min: 1, max: 12 })
    .chain((size) => fc.array(fc.array(fc.nat(size - 1), { maxLength: 3 }), { minLength: size, maxLength: size }));
  fc.assert(
    fc.property(graphs, fc.nat(11), (edges, start) => {
      const cells = edges.map((reads, index) =>
        fence(
          `template t${index}`,
          `x${reads
            .filter((to) => to < index)
            .map((to) => `{{ t${to} }}`)
            .join("")}`,
        ),
      );
      const graph = graphOf("", ...cells.toReversed());
      const plan = planRun(graph, { type: "cells", cells: [`t${start % edges.length}`] }, settings);
      const seen = new Set<string>();
      for (const step of plan.steps) {
        expect(step.needs.every((id) => seen.has(id))).toBe(true);
        seen.add(step.node);
      }
      const readers = readersOf(graph);
      for (const id of seen)
        expect(id === `t${start % edges.length}` || readers.get(id)!.some((reader) => seen.has(reader))).toBe(true);
    }),
    { numRuns: 60 },
  );
});
