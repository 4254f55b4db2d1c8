import { describe, expect, test } from "vitest";
import { cellForms, cellKinds } from "#server/cells/index.ts";
import { fence, notebookText } from "./__fixtures__/graph-of.ts";
import { ownAxes } from "./axis.ts";
import { withEarlyFields } from "./early-fields.ts";
import { parseNotebook } from "./format.ts";
import type { Cell, Diagnostic } from "./notebook.ts";
import { toValue, type Datum } from "./value.ts";

const front = `inputs:
  n: number
  counts: { type: json, default: [] }
  word: string
  flag: boolean
`;

function read(text: string, inputs: { readonly [name: string]: Datum } = {}) {
  const values = new Map(Object.entries(inputs).map(([name, datum]) => [name, { value: toValue(datum) }]));
  return withEarlyFields(parseNotebook(text, cellForms), cellKinds, values);
}

const of = (cell: string, inputs?: { readonly [name: string]: Datum }) => read(notebookText(front, cell), inputs);

/** The fields of a cell's settings as they come out. */
function fields(
  settings: string,
  inputs?: { readonly [name: string]: Datum },
  kind = "template",
): Cell["configuration"]["values"] {
  return of(fence(`${kind} a`, `---\n${settings}\n---\ntext`), inputs).notebook.cells[0]!.configuration.values;
}

function told({ line, column, length }: Diagnostic["position"], { message, cure }: Diagnostic): string {
  return `${line}:${column}+${length} ${message} → ${cure}`;
}

const problems = (settings: string, inputs?: { readonly [name: string]: Datum }): readonly string[] =>
  of(fence("template a", `---\n${settings}\n---\ntext`), inputs).problems.map((one) => told(one.position, one));

describe("fields that are read before anything is computed", () => {
  test.each<[settings: string, inputs: { readonly [name: string]: Datum }, comesOut: Datum]>([
    ["repeat: =n + 1", { n: 2 }, { repeat: 3 }],
    ["cache: =word", { word: "never" }, { cache: "never" }],
    ["keep: =word", { word: "1d" }, { keep: "1d" }],
    ["title: =word ~ '!'", { word: "Hi" }, { title: "Hi!" }],
    ["hidden: =flag", { flag: true }, { hidden: true }],
    ["continue_on_error: =not flag", { flag: true }, { continue_on_error: false }],
    ["run: =word", { word: "manual" }, { run: "manual" }],
    ["reduce: =word", { word: "mean" }, { reduce: "mean" }],
    ["optional: =counts", { counts: ["b"] }, { optional: ["b"] }],
    ["after: =word", { word: "b" }, { after: "b" }],
    ["reads: [=word, c]", { word: "b" }, { reads: ["b", "c"] }],
    ["models: =counts", { counts: ["a/b"] }, { models: ["a/b"] }],
    [
      "models: [{ model: =word, temperature: =n }]",
      { word: "a/b", n: 1 },
      { models: [{ model: "a/b", temperature: 1 }] },
    ],
    [
      "vary: { shots: =counts, tone: [dry, =word] }",
      { counts: [0], word: "warm" },
      { vary: { shots: [0], tone: ["dry", "warm"] } },
    ],
    ["vary: =counts", { counts: { shots: [1] } }, { vary: { shots: [1] } }],
    ["title: \\=word", {}, { title: "=word" }],
  ])("%s with %j is %j", (settings, inputs, comesOut) => {
    expect(fields(settings, inputs)).toEqual(comesOut);
  });

  test.each<[kind: string, settings: string, inputs: { readonly [name: string]: Datum }, comesOut: Datum]>([
    ["data", "key: =word", { word: "id" }, { key: "id" }],
    ["sheet", "key: =word\ncolumns: =counts", { word: "id", counts: ["b"] }, { key: "id", columns: ["b"] }],
    ["score", "language: =word", { word: "js" }, { language: "js" }],
  ])("so are a kind's own that it says are: a %s's %s", (kind, settings, inputs, comesOut) => {
    expect(fields(settings, inputs, kind)).toEqual(comesOut);
  });

  test("what a kind reads once more is that text, also where it looks like an expression", () => {
    expect(fields("key: =word", { word: "=id" }, "data")).toEqual({ key: "\\=id" });
  });

  test("all others are left to be computed for each result", () => {
    expect(fields("when: =n > 1\ntemperature: =n", { n: 1 }, "prompt")).toEqual({ when: "=n > 1", temperature: "=n" });
  });

  test("labels of a list that is computed are the texts of its values", () => {
    const text = notebookText(front, fence("template a", "---\nvary: { shots: =counts, k: [0.50, =n] }\n---\ntext"));
    const { notebook } = read(text, { counts: [0, 0.5, "few", [1, 2]], n: 0.25 });
    expect(ownAxes(notebook.cells, text).axes).toMatchObject([
      { name: "shots", labels: ["0", "0.5", "few", "[1,2]"], values: [0, 0.5, "few", [1, 2]] },
      { name: "k", labels: ["0.50", "0.25"] },
    ]);
  });

  test("a notebook without such expressions is the same one", () => {
    const text = notebookText(front, fence("template a", "---\nrepeat: 2\nwhen: =n > 1\n---\ntext"));
    const notebook = parseNotebook(text, cellForms);
    expect(withEarlyFields(notebook, cellKinds, new Map()).notebook).toBe(notebook);
  });

  test("which inputs decide is said, of each cell and of all", () => {
    const { cells, inputs, notebook } = of(fence("template a", "---\nrepeat: =n\ntitle: =word\nwhen: =flag\n---\nx"), {
      n: 1,
    });
    expect(cells.get(notebook.cells[0]!)!.inputs).toEqual(
      new Map([
        ["repeat", ["n"]],
        ["title", ["word"]],
      ]),
    );
    expect([...inputs]).toEqual(["n", "word"]);
  });
});

describe("an expression there that has no value", () => {
  test.each([
    [
      "repeat: =b",
      "`repeat` is read before anything is computed: it may name inputs alone, and `b` is none → Write the value out, or make it an input.",
    ],
    [
      "repeat: =row.n",
      "`repeat` is read before anything is computed: it may name inputs alone, and `row` is none → Write the value out, or make it an input.",
    ],
    [
      "optional: =b",
      "`optional` is read before anything is computed: it may name inputs alone, and `b` is none → Write the name without `=`.",
    ],
    ["repeat: =m", "there is no input `m` → There are: n, counts, word, flag."],
    ["repeat: =count", "there is no input `count` → Did you mean `counts`?"],
    [
      "repeat: =n",
      "`repeat` goes by the input `n`, which has no value → Give `--set n=…`, or a default in the front matter.",
    ],
  ])("%s is told at the name", (settings, words) => {
    const text = notebookText(front, fence("template a", `---\n${settings}\n---\nx`), fence("template b", "x"));
    const { problems, notebook, cells } = read(text);
    const name = /=(\w+)/.exec(settings)![1]!;
    expect(problems.map((one) => told(one.position, one))).toEqual([
      `12:${settings.indexOf("=") + 2}+${name.length} ${words}`,
    ]);
    expect(notebook.cells[0]!.configuration.values).toEqual({});
    expect(cells.get(notebook.cells[0]!)!.error).toMatchObject({ message: problems[0]!.message });
  });

  test("is told where it does not parse, and where it fails", () => {
    expect(problems("repeat: =n +", { n: 1 })).toEqual([
      "12:13+0 expected a value and found the end → Correct the text here.",
    ]);
    expect(problems("repeat: =word.x", { word: "a" })).toEqual([
      expect.stringContaining("12:10+6 in `repeat`: `word` has no `x`"),
    ]);
  });

  test("of how a cell looks keeps nothing from being computed", () => {
    const { cells, notebook } = of(fence("template a", "---\ntitle: =word\n---\nx"));
    expect(cells.get(notebook.cells[0]!)!.error).toBeNull();
  });

  test("takes with it what says what to do with so many", () => {
    expect(fields("repeat: =n\nreduce: mean")).toEqual({});
  });
});

describe("the front matter", () => {
  const text = (fields: string): string => notebookText(`${front}${fields}`, fence("template a", "x"));

  test("has expressions in its title, its models and what it chooses", () => {
    const { notebook, problems } = read(
      text(
        "title: =word\nmodels: { small: =word, big: { model: a/b, temperature: =n } }\nchoose: { shots: =n, tone: =word }\n",
      ),
      { word: "x/y", n: 5 },
    );
    expect(problems).toEqual([]);
    expect(notebook.front).toMatchObject({
      title: "x/y",
      models: { small: { model: "x/y" }, big: { model: "a/b", temperature: 5 } },
      choose: { shots: "5", tone: "x/y" },
    });
  });

  test("has them as a whole, which is checked as if it were written there", () => {
    expect(read(text("choose: =counts\n"), { counts: { k: 1 } }).notebook.front.choose).toEqual({ k: "1" });
    expect(read(text("choose: =n\n"), { n: 1 }).problems).toMatchObject([
      { message: "`choose` is not a mapping", position: { line: 8 } },
    ]);
  });

  test("keeps its other entries where one has no value", () => {
    const { notebook } = read(text("models: { small: =word, big: a/b }\n"));
    expect(notebook.front.models).toEqual({ big: { model: "a/b" } });
  });

  test("has none in its inputs, from which they are worked out, and none in its outputs", () => {
    const { diagnostics, front: read } = parseNotebook(
      notebookText("inputs:\n  n: { default: =m, description: \\=n }\noutputs: [=a]\n", fence("template a", "x")),
      cellForms,
    );
    expect(diagnostics.map((one) => told(one.position, one))).toEqual([
      "4:17+2 `n` is an input, from which expressions are worked out, and cannot be one → Write a value; a text that begins with `=` is `\\=`.",
      "5:11+2 an output is the name of a cell, and no expression: what a caller gets is the same for all → Write `outputs: [topic]`.",
    ]);
    expect(read.inputs).toMatchObject([{ name: "n", description: "=n" }]);
    expect(read.outputs).toEqual([]);
  });
});
