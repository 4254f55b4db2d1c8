import { expect, test } from "vitest";
import { fence, graphOf, nodeOf } from "./__fixtures__/graph-of.ts";
import { chosenVariant, variantsOf } from "./axis.ts";

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
  ["vary: 5", "`vary` is no mapping"],
  ["vary: { tone: [] }", "the axis `tone` has no list of labels"],
  ["vary: { tone: [a, a] }", "the axis `tone` has the label a twice"],
  ["models: [a]\nvary: { model: [b] }", "the axis `model` is declared twice"],
  ["repeat: 0", "`repeat` is 0"],
  ["repeat: many", "`repeat` is many"],
])("%s is an error on the cell", (field, message) => {
  const graph = graphOf("", fence("prompt topic", `---\n${field}\n---\n{{ vary.tone }}`));
  expect(nodeOf(graph, "topic").blocked).toMatchObject({ code: "graph.axis", message });
  expect(graph.diagnostics[0]).toMatchObject({ severity: "error", cell: "topic", message });
});

test("choose says the label of each axis, and the first label stands where it says none or an unknown one", () => {
  const { axes } = nodeOf(
    graphOf("", fence("prompt topic", "---\nmodels: [small, big]\nvary: { shots: [0, 5] }\n---\n{{ vary.shots }}")),
    "topic",
  );
  expect(chosenVariant(axes, { shots: "5" })).toEqual({ model: "small", shots: "5" });
  expect(chosenVariant(axes, { model: "huge" })).toEqual({ model: "small", shots: "0" });
});
