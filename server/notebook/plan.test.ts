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
  test("a cell at some of its variants comes with what it needs at those", () => {
    const graph = graphOf(
      "",
      fence("template a", "---\nvary: { tone: [formal, plain], size: [1, 2] }\n---\n{{ vary.tone }} {{ vary.size }}"),
      fence("template b", "{{ a }}"),
    );
    const plan = planRun(graph, { type: "cells", cells: ["b"], at: { tone: "plain" } }, settings);
    const plain = [
      { tone: "plain", size: "1" },
      { tone: "plain", size: "2" },
    ];
    expect(plan.steps.map(({ node, variants, force }) => ({ node, variants, force }))).toEqual([
      { node: "a", variants: plain, force: false },
      { node: "b", variants: plain, force: false },
    ]);
  });
  test("columns come together, each at its variants and what it needs at those", () => {
    const graph = graphOf(
      "",
      fence("template a", "---\nvary: { tone: [formal, plain], size: [1, 2] }\n---\n{{ vary.tone }} {{ vary.size }}"),
      fence("template b", "{{ a }}"),
      fence("template c", "{{ a }}"),
    );
    const columns = [
      { cell: "b", at: { tone: "plain", size: "1" } },
      { cell: "c", at: { tone: "formal", size: "2" } },
    ];
    const plan = planRun(graph, { type: "columns", columns }, settings);
    expect(plan.steps.map(({ node, variants, force }) => ({ node, variants, force }))).toEqual([
      { node: "a", variants: [columns[1]!.at, columns[0]!.at], force: false },
      { node: "b", variants: [columns[0]!.at], force: false },
      { node: "c", variants: [columns[1]!.at], force: false },
    ]);
  });
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
  test("an unknown cell plans nothing", () => {
    expect(steps({ type: "cells", cells: ["nobody"] })).toEqual([]);
    expect(steps({ type: "only", cell: "nobody" })).toEqual([]);
    expect(steps({ type: "downstream", cell: "nobody" })).toEqual([]);
    expect(steps({ type: "address", address: { cell: "nobody", at: {} } })).toEqual([]);
  });
  test("what is asked for with what it needs is not forced", () => {
    for (const scope of [
      { type: "cells", cells: ["b"] },
      { type: "downstream", cell: "b" },
    ] as const)
      expect(planRun(chain, scope, settings).steps.every((step) => !step.force)).toBe(true);
  });
  test("one result comes alone and is computed again", () => {
    const plan = planRun(chain, { type: "address", address: { cell: "b", at: {} } }, settings);
    expect(plan.steps).toEqual([{ node: "b", variants: [{}], rows: null, force: true, effect: "pure", needs: [] }]);
  });
  test("a plan says its scope, and what each step does and waits for", () => {
    const scope = { type: "cells", cells: ["c"] } as const;
    const effect = ({ name }: { readonly name: string }) => (name === "b" ? "paid" : "pure");
    const plan = planRun(chain, scope, { effect });
    expect(plan.scope).toBe(scope);
    expect(plan.steps.map((step) => [step.node, step.effect, step.needs])).toEqual([
      ["a", "pure", []],
      ["b", "paid", ["a"]],
      ["c", "pure", ["b"]],
    ]);
  });
});

test("a blocked node is left out, and named", () => {
  const graph = graphOf("", fence("template a", "{{ nobody }}"), fence("template b", "{{ a }}"));
  const plan = planRun(graph, { type: "stale" }, settings);
  expect(plan.blocked).toEqual(["a"]);
  expect(plan.steps).toMatchObject([{ node: "b", needs: [] }]);
});

test("a cell that reads another twice waits for it once", () => {
  const graph = graphOf("", fence("template a", "1"), fence("template b", "{{ a }} {{ meta(a).cost }}"));
  expect(planRun(graph, { type: "all" }, settings).steps[1]).toMatchObject({ node: "b", needs: ["a"] });
  expect(readersOf(graph).get("a")).toEqual(["b"]);
});

test("of one variant only those that agree with its labels are computed", () => {
  const graph = graphOf(
    "",
    fence("prompt topic", "---\nmodels: [small, big]\nvary: { shots: [0, 5] }\n---\n{{ vary.shots }}"),
  );
  const variants = (at: { readonly [axis: string]: string }) =>
    planRun(graph, { type: "address", address: { cell: "topic", at } }, settings).steps[0]?.variants;
  expect(variants({ model: "big", shots: "5" })).toEqual([{ model: "big", shots: "5" }]);
  expect(variants({ model: "big" })).toEqual([
    { model: "big", shots: "0" },
    { model: "big", shots: "5" },
  ]);
  expect(variants({ model: "huge" })).toEqual([]);
});

test("of a cell whose repeats are made one value, the repeats are computed again", () => {
  const graph = graphOf("", fence("prompt topic", "---\nmodel: m\nrepeat: 2\nreduce: majority\n---\nHi"));
  const plan = planRun(graph, { type: "address", address: { cell: "topic", at: {} } }, settings);
  expect(plan.steps.map((step) => [step.node, step.force, step.needs])).toEqual([
    ["topic#each", true, []],
    ["topic", true, ["topic#each"]],
  ]);
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

  test("take all rows where everything is asked for, and one where one is", () => {
    const of = (scope: Scope, more = {}) =>
      planRun(graph, scope, { ...settings, ...more }).steps.map((step) => [step.node, step.rows]);
    expect(of({ type: "all" })).toContainEqual(["triage.topic", { type: "all" }]);
    expect(of({ type: "all" })).toContainEqual(["triage", null]);
    expect(of({ type: "all" }, { rows: { other: { type: "failed" } } })).toContainEqual([
      "triage.topic",
      { type: "all" },
    ]);
    const address = { cell: "triage.topic", at: { triage: "r7", model: "big" } };
    expect(of({ type: "address", address }, { everySheet: { type: "all" } })).toEqual([
      ["triage.topic", { type: "rows", rows: ["r7"] }],
    ]);
    expect(of({ type: "address", address: { ...address, at: {} } })).toEqual([["triage.topic", { type: "stale" }]]);
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

describe("outputs", () => {
  const models = "---\nmodels: [small, big]\nvary: { shots: [0, 5] }\n---\n";
  const planned = (graph: ReturnType<typeof graphOf>, ...cells: readonly string[]) =>
    Object.fromEntries(
      planRun(graph, { type: "outputs", cells }, settings).steps.map(({ node, variants }) => [
        node,
        variants.map((at) => Object.values(at).join(" ")),
      ]),
    );

  test("come at the labels `choose` names, and of what they need nothing else is computed", () => {
    const graph = graphOf(
      `${inputs}choose: { model: big }\n`,
      fence("template unread", "{{ message }}"),
      fence("prompt topic", `${models}{{ message }} {{ vary.shots }}`),
      fence("template answer", "{{ topic }}"),
    );
    expect(planned(graph, "answer")).toEqual({ topic: ["big 0"], answer: ["big 0"] });
    expect(planned(graph, "nobody")).toEqual({});
  });

  test("take the labels that are read by name, and every variant of what is summed up", () => {
    const graph = graphOf(
      `${inputs}choose: { model: big, shots: 5 }\n`,
      fence("prompt topic", `${models}{{ message }} {{ vary.shots }}`),
      fence("prompt judge", '---\nmodel: m\n---\n{{ topic }} {{ topic.at(model="small") }}'),
      fence("test gate", 'count(topic.at(shots=0)) == 2\nmeta(judge.at(model="small", shots=5)).cost == 0'),
    );
    expect(planned(graph, "judge")).toEqual({ topic: ["small 5", "big 5"], judge: ["big 5"] });
    expect(planned(graph, "gate")).toEqual({
      topic: ["small 0", "small 5", "big 0"],
      judge: ["small 5"],
      gate: [""],
    });
  });

  test("need one of a cell's repeats, and all where they are made one value", () => {
    const graph = graphOf(
      "",
      fence("prompt one", "---\nmodel: m\nrepeat: 3\n---\nHi"),
      fence("prompt voted", "---\nmodel: m\nrepeat: 3\nreduce: majority\n---\nHi"),
    );
    expect(planned(graph, "one", "voted")).toEqual({ one: ["1"], "voted#each": ["1", "2", "3"], voted: [""] });
  });

  test("wait for what stands in `after` at the chosen labels", () => {
    const graph = graphOf(
      "choose: { model: big }\n",
      fence("prompt first", "---\nmodels: [small, big]\n---\nHi"),
      fence("template next", "---\nafter: [first]\n---\nHo"),
    );
    expect(planned(graph, "next")).toEqual({ first: ["big"], next: [""] });
    expect(planRun(graph, { type: "outputs", cells: ["next"] }, settings).steps[1]?.needs).toEqual(["first"]);
  });

  const sheet = graphOf(
    `${inputs}choose: { model: big }\n`,
    fence("data tickets", "text\nHi"),
    fence("template shared", "{{ tickets | length }}"),
    fence("prompt topic", "---\nmodels: [small, big]\n---\n{{ message }}"),
    fence(
      "sheet triage",
      [
        '---\nrows: tickets\nwith: { message: "=row.text ~ shared" }\ncolumns: [topic]\n---',
        fence("template long", "{{ message | length }}"),
        fence("score correct", "---\noutput: =topic\n---\n- equals: x"),
      ].join("\n"),
    ),
    fence("sql made", "from triage"),
    fence("test gate", 'mean(triage.correct.at(model="small")) > 0'),
  );

  test("that are a sheet need its columns at the chosen labels", () =>
    expect(planned(sheet, "triage")).toEqual({
      tickets: [""],
      shared: [""],
      "triage.topic": ["big"],
      "triage.long": [""],
      "triage.correct": ["big"],
      triage: [""],
    }));

  test("that read a sheet need the columns its table has, and those that read a column need that one", () => {
    expect(planned(sheet, "made")).toEqual({
      tickets: [""],
      shared: [""],
      "triage.long": [""],
      triage: [""],
      made: [""],
    });
    expect(planned(sheet, "gate")).toEqual({
      tickets: [""],
      shared: [""],
      "triage.topic": ["small"],
      "triage.correct": ["small"],
      gate: [""],
    });
  });

  test("that read a column need what gives the rows, a table or another sheet's column, and what is bound beside them", () => {
    const graph = graphOf(
      inputs,
      fence("data tickets", "text\nHi"),
      fence("template side", "1"),
      fence(
        "sheet first",
        `---\nrows: tickets\nwith: { message: =row.text }\n---\n${fence("template long", "{{ message }}")}\n${fence("template idle", "{{ message }}")}`,
      ),
      fence(
        "sheet second",
        `---\nrows: first.long\nwith: { message: "=row.long ~ side" }\n---\n${fence("template again", "{{ row.long }}")}`,
      ),
      fence("test one", "count(first.long) > 0"),
      fence("test two", "count(second.again) > 0"),
    );
    expect(Object.keys(planned(graph, "one"))).toEqual(["tickets", "first.long", "one"]);
    expect(Object.keys(planned(graph, "two"))).toEqual(["tickets", "side", "first.long", "second.again", "two"]);
  });

  test("that read each other are blocked", () => {
    const graph = graphOf("", fence("template a", "{{ b }}"), fence("template b", "{{ a }}"));
    const plan = planRun(graph, { type: "outputs", cells: ["a"] }, settings);
    expect(plan.steps).toEqual([]);
    expect(plan.blocked.toSorted()).toEqual(["a", "b"]);
  });

  test("whose cells fork and join many times are planned at once", () => {
    const layers = Array.from({ length: 40 }, (_, index) => [
      fence(`template left${index + 1}`, `{{ left${index} }}{{ right${index} }}`),
      fence(`template right${index + 1}`, `{{ left${index} }}{{ right${index} }}`),
    ]);
    const graph = graphOf("", fence("template left0", "1"), fence("template right0", "2"), ...layers.flat());
    expect(planRun(graph, { type: "outputs", cells: ["left40"] }, settings).steps).toHaveLength(81);
  });

  test("are not forced, and say which of what they need is blocked", () => {
    const graph = graphOf("", fence("template a", "{{ nobody }}"), fence("template b", "{{ a }}"));
    const plan = planRun(graph, { type: "outputs", cells: ["b"] }, settings);
    expect(plan.blocked).toEqual(["a"]);
    expect(plan.steps).toMatchObject([{ node: "b", force: false }]);
  });
});

test("outside sheets a step has an address for each variant", () => {
  const graph = graphOf("", fence("prompt topic", "---\nmodels: [small, big]\n---\nHi"));
  const [step] = planRun(graph, { type: "stale" }, settings).steps;
  expect([...addressesOf(step!, null, null)]).toEqual([
    { cell: "topic", at: { model: "small" } },
    { cell: "topic", at: { model: "big" } },
  ]);
  expect([...addressesOf(step!, null, "triage")]).toHaveLength(2);
  expect([...addressesOf(step!, ["r0"], null)]).toHaveLength(2);
  expect([...addressesOf(step!, [], "triage")]).toEqual([]);
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
