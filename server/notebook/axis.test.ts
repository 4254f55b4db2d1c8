import { expect, test } from "vitest";
import { fence, graphOf, nodeOf } from "./__fixtures__/graph-of.ts";
import { axesFit, chosenVariant, isAt, labelValues, project, variantsOf, type Axis } from "./axis.ts";

const axesOf = (cell: string, name = "topic") =>
  nodeOf(graphOf("", cell), name).axes.map((axis) => [axis.name, ...axis.labels]);

test("vary is a cross product, and models is the axis model", () => {
  const graph = graphOf(
    "",
    fence("prompt topic", "---\nmodels: [small, big]\nvary: { shots: [0, 5] }\n---\n{{ vary.shots }}"),
  );
  expect(variantsOf(nodeOf(graph, "topic").axes)).toEqual([
    { model: "small", shots: "0" },
    { model: "small", shots: "5" },
    { model: "big", shots: "0" },
    { model: "big", shots: "5" },
  ]);
});

test("labels are their source text, and values what YAML says", () => {
  const graph = graphOf(
    "",
    fence("prompt topic", "---\nmodel: m\nvary: { temperature: [0.10, 1] }\n---\n{{ vary.temperature }}"),
  );
  const [axis] = nodeOf(graph, "topic").axes;
  expect(axis).toMatchObject({ labels: ["0.10", "1"], values: [0.1, 1] });
});

test("a model written out with parameters is labelled by its name, or by its own label", () => {
  expect(
    axesOf(
      fence(
        "prompt topic",
        "---\nmodels: [{ model: echo/a, temperature: 0 }, { label: hot, model: echo/a, temperature: 1 }]\n---\nHi",
      ),
    ),
  ).toEqual([["model", "echo/a", "hot"]]);
});

test("the wordings name.label are variants of one cell on the axis prompt", () => {
  const graph = graphOf(
    "",
    fence("prompt topic.short", "---\nmodel: m\n---\nHi"),
    fence("prompt topic.long", "Good day"),
  );
  expect(nodeOf(graph, "topic").axes.map((axis) => [axis.name, ...axis.labels])).toEqual([["prompt", "short", "long"]]);
  expect([...graph.nodes.keys()]).toEqual(["topic"]);
});

test("repeat declares the dimension repeat", () => {
  expect(axesOf(fence("prompt topic", "---\nmodel: m\nrepeat: 3\n---\nHi"))).toEqual([["repeat", "1", "2", "3"]]);
});

test.each([
  ["vary: 5", "`vary` is no mapping", "Write `vary: { tone: [formal, plain] }`."],
  ["vary: [a]", "`vary` is no mapping", "Write `vary: { tone: [formal, plain] }`."],
  ["vary: null", "`vary` is no mapping", "Write `vary: { tone: [formal, plain] }`."],
  ["vary: { tone: [] }", "the axis `tone` has no list of labels", "Write them out: `tone: [a, b]`."],
  ["vary: { tone: dry }", "the axis `tone` has no list of labels", "Write them out: `tone: [a, b]`."],
  ["models: small", "the axis `model` has no list of labels", "Write them out: `model: [a, b]`."],
  ["vary: { tone: [b, a, a] }", "the axis `tone` has the label a twice", "Labels tell variants apart: remove one."],
  ["models: [a]\nvary: { model: [b] }", "the axis `model` is declared twice", "Give one of them another name."],
  ["repeat: 0", "`repeat` is 0", "Give a whole number from 1 to 1,000."],
  ["repeat: 1001", "`repeat` is 1001", "Give a whole number from 1 to 1,000."],
  ["repeat: 1.5", "`repeat` is 1.5", "Give a whole number from 1 to 1,000."],
  ["repeat: '3'", "`repeat` is 3", "Give a whole number from 1 to 1,000."],
  ["repeat: many", "`repeat` is many", "Give a whole number from 1 to 1,000."],
])("%s is an error on the cell", (field, message, cure) => {
  const graph = graphOf("", fence("prompt topic", `---\n${field}\n---\n{{ vary.tone }}`));
  expect(nodeOf(graph, "topic").blocked).toMatchObject({ code: "graph.axis", message, cure });
  expect(graph.diagnostics[0]).toMatchObject({ severity: "error", cell: "topic", message, cure });
});

test("what is wrong with an axis stands at its field, and the others hold", () => {
  const graph = graphOf("", fence("prompt topic", "---\nvary: { a: [1], b: [], c: [2] }\n---\n{{ vary.c }}"));
  expect(graph.diagnostics[0]).toMatchObject({ position: { line: 7, column: 20 } });
  expect(nodeOf(graph, "topic").axes.map((axis) => axis.name)).toEqual(["a", "c"]);
});

test("repeat goes from 1 to 1,000", () => {
  const repeats = (count: number) => axesOf(fence("prompt topic", `---\nrepeat: ${count}\n---\nHi`))[0];
  expect(repeats(1)).toEqual(["repeat", "1"]);
  expect(repeats(1000)).toHaveLength(1001);
});

test("labels that are no texts are as they are written", () => {
  const written = "[null, true, 1e3, [a,  b], { x:  1 }, ' a ', { model: 5 }]";
  const { axes } = nodeOf(
    graphOf("", fence("template topic", `---\nvary: { t: ${written} }\n---\n{{ vary.t }}`)),
    "topic",
  );
  expect(axes[0]).toMatchObject({
    labels: ["null", "true", "1e3", "[a,  b]", "{ x:  1 }", " a ", "{ model: 5 }"],
    values: [null, true, 1000, ["a", "b"], { x: 1 }, " a ", { model: 5 }],
    cell: "topic",
  });
});

test("two axes fit where they have the same labels in any order", () => {
  const axis = (...labels: readonly string[]): Axis => ({ name: "a", labels, values: labels, cell: "c" });
  expect(axesFit(axis("a", "b"), axis("b", "a"))).toBe(true);
  expect(axesFit(axis("a", "b"), axis("a"))).toBe(false);
  expect(axesFit(axis("a"), axis("a", "b"))).toBe(false);
  expect(axesFit(axis("a", "b"), axis("a", "c"))).toBe(false);
});

test("without axes there is one variant", () => {
  expect(variantsOf([])).toEqual([{}]);
});

test("coordinates are projected on axes, and have the values of their labels", () => {
  const axes: readonly Axis[] = [
    { name: "shots", labels: ["0", "5"], values: [0, 5], cell: "c" },
    { name: "tone", labels: ["dry"], values: ["dry"], cell: "c" },
  ];
  expect(project({ shots: "5", model: "m" }, axes)).toEqual({ shots: "5" });
  expect(labelValues({ shots: "5", tone: "dry" }, axes)).toEqual({ shots: 5, tone: "dry" });
  expect(labelValues({ shots: "7" }, axes)).toEqual({ shots: null, tone: null });
});

test("choose says the label of each axis, and the first label stands where it says none or an unknown one", () => {
  const { axes } = nodeOf(
    graphOf("", fence("prompt topic", "---\nmodels: [small, big]\nvary: { shots: [0, 5] }\n---\n{{ vary.shots }}")),
    "topic",
  );
  expect(chosenVariant(axes, { shots: "5" })).toEqual({ model: "small", shots: "5" });
  expect(chosenVariant(axes, { model: "huge" })).toEqual({ model: "small", shots: "0" });
});

test("labels that are written out as lists or computed have a text of their own", () => {
  expect(axesOf(fence("prompt topic", "---\nmodel: m\nvary: { words: [[a, b], [c]] }\n---\n{{ vary.words }}"))).toEqual(
    [["words", "[a, b]", "[c]"]],
  );
});

test("a variant is at labels where it has all of them", () => {
  expect(isAt({ model: "big", shots: "5" }, { model: "big" })).toBe(true);
  expect(isAt({ model: "big", shots: "5" }, { model: "big", shots: "0" })).toBe(false);
  expect(isAt({ model: "big" }, { shots: "5" })).toBe(false);
  expect(isAt({ model: "big" }, {})).toBe(true);
});
