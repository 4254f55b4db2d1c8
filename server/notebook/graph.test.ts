import { describe, expect, test } from "vitest";
import { fence, graphOf, nodeOf } from "./__fixtures__/graph-of.ts";

const inputs = "inputs:\n  message: { type: string, default: Hi }\n";
const reads = (graph: ReturnType<typeof graphOf>, id: string) =>
  nodeOf(graph, id).reads.map((read) => [read.type, read.as]);

describe("references", () => {
  test("a bare name is an input or a cell", () => {
    const graph = graphOf(
      inputs,
      fence("template one", "{{ message }}"),
      fence("template two", "{{ one }} {{ message }}"),
    );
    expect(reads(graph, "two")).toEqual([
      ["node", "one"],
      ["input", "message"],
    ]);
    expect([...graph.nodes.keys()]).toEqual(["one", "two"]);
  });

  test("the order of the file does not matter", () => {
    const graph = graphOf("", fence("template two", "{{ one }}"), fence("template one", "Hi"));
    expect([...graph.nodes.keys()]).toEqual(["one", "two"]);
  });

  test("an unknown name is an error at its place with the nearest name, and blocks the cell", () => {
    const graph = graphOf(inputs, fence("template one", "Say {{ mesage }}"));
    expect(nodeOf(graph, "one").blocked?.code).toBe("graph.unknown-name");
    expect(graph.diagnostics).toMatchObject([
      {
        cell: "one",
        message: "there is no input or cell `mesage`",
        cure: "Did you mean `message`?",
        position: { line: 8, column: 8 },
      },
    ]);
  });

  test("a name that is only known inside a sheet says how to read it from outside", () => {
    const graph = graphOf(
      inputs,
      fence("data rows", "a\n1"),
      fence(
        "sheet s",
        `rows: rows\n---\n`.replace("rows: rows", "---\nrows: rows") + fence("template inner", "{{ row.a }}"),
      ),
      fence("template out", "{{ inner }}"),
    );
    expect(nodeOf(graph, "out").blocked?.cure).toBe("It is a cell of the sheet `s`: read `s.inner`.");
  });

  test("a dataset file in SQL is read as a file", () => {
    const graph = graphOf("", fence("sql known", "select * from 'banking77/train.csv'"));
    expect(nodeOf(graph, "known").reads).toMatchObject([{ type: "file", path: "banking77/train.csv" }]);
  });

  test("item in the filter of a retrieval is the row that was found, and no cell", () => {
    const graph = graphOf(
      inputs,
      fence("data rows", "a\n1"),
      fence("retrieve r", "from: rows\nquery: =message\nfilter: =item.a != message"),
    );
    expect(reads(graph, "r")).toEqual([
      ["input", "message"],
      ["node", "rows"],
    ]);
    expect(nodeOf(graph, "r").blocked).toBeNull();
  });

  test("after orders cells without reading", () => {
    const graph = graphOf("", fence("template two", "---\nafter: one\n---\nHi"), fence("template one", "Hi"));
    expect([...graph.nodes.keys()]).toEqual(["one", "two"]);
    expect(nodeOf(graph, "two").reads).toMatchObject([{ type: "after", node: "one" }]);
  });
});

describe("front matter", () => {
  test("an output must be a cell, and may not depend on a row", () => {
    const graph = graphOf(
      `${inputs}outputs: [nobody, triage.own, one]\n`,
      fence("data tickets", "text\nHi"),
      fence("template one", "{{ message }}"),
      fence("sheet triage", `---\nrows: tickets\n---\n${fence("template own", "{{ row.text }}")}`),
    );
    expect(
      graph.diagnostics.map(({ code, message, position }) => [code, message, position.line, position.column]),
    ).toEqual([
      ["graph.unknown-output", "there is no cell `nobody` for an output", 5, 11],
      ["graph.output-of-a-row", "the output `triage.own` depends on the row of `triage`", 5, 19],
    ]);
  });

  test("a choice of an axis or a label there is not is a warning that names those there are", () => {
    const graph = graphOf(
      "choose: { model: huge, tone: dry }\n",
      fence("prompt topic", "---\nmodels: [small, big]\n---\nHi"),
    );
    expect(graph.diagnostics.map(({ severity, message, cure }) => [severity, message, cure])).toEqual([
      ["warning", "`choose` names the model huge, and there is none", "There are: small, big."],
      ["warning", "`choose` names the axis `tone`, and no cell has it", "Axes are model."],
    ]);
  });
});

describe("cycles and duplicate names", () => {
  test("a cycle is reported on each of its cells, and the rest can run", () => {
    const graph = graphOf(
      "",
      fence("template a", "{{ b }}"),
      fence("template b", "{{ a }}"),
      fence("template c", "Hi"),
    );
    expect(graph.diagnostics.map(({ cell, message }) => [cell, message])).toEqual([
      ["a", "`a` reads itself: a → b → a"],
      ["b", "`b` reads itself: a → b → a"],
    ]);
    expect(nodeOf(graph, "c").blocked).toBeNull();
  });

  test("a cell that reads itself is a cycle", () => {
    expect(nodeOf(graphOf("", fence("template a", "{{ a }}")), "a").blocked?.message).toBe("`a` reads itself: a → a");
  });

  test("two cells with one name, whatever its case, are blocked and the rest can run", () => {
    const graph = graphOf("", fence("template a", "1"), fence("template A", "2"), fence("template b", "3"));
    expect(nodeOf(graph, "a").blocked).toMatchObject({ code: "graph.duplicate", message: "2 cells are called `a`" });
    expect(nodeOf(graph, "b").blocked).toBeNull();
  });

  test.each([
    ["two wordings with one label", "a", "notebook.duplicate-label", ["template a.x", "template a.x"]],
    ["wordings of different kinds", "a", "notebook.wording-kind", ["template a.x", "js a.y"]],
    ["an input and a cell of one name", "message", "notebook.duplicate-name", ["template message"]],
  ])(
    "%s: the cell is blocked by what is wrong with it, so are its readers, and the rest can run",
    (_, name, code, cells) => {
      const all = [
        ...cells.map((info) => fence(info, "1")),
        fence("template reader", `{{ ${name} }}`),
        fence("template rest", "2"),
      ];
      const graph = graphOf(inputs, ...all);
      expect(nodeOf(graph, name).blocked?.code).toBe(code);
      expect(reads(graph, "reader")).toEqual([["node", name]]);
      expect(nodeOf(graph, "rest").blocked).toBeNull();
    },
  );

  test("a cell in a sheet and one outside of one name are both blocked", () => {
    const sheet = fence("sheet s", `---\nrows: t\n---\n${fence("template a", "{{ row.x }}")}`);
    const graph = graphOf("", fence("data t", "x\n1"), fence("template a", "1"), sheet);
    for (const id of ["a", "s.a"]) expect(nodeOf(graph, id).blocked?.code).toBe("notebook.duplicate-name");
    expect(nodeOf(graph, "s").blocked).toBeNull();
  });

  test("an unknown kind is kept and blocked", () => {
    const graph = graphOf("", fence("python a", "1"));
    expect(nodeOf(graph, "a").blocked?.code).toBe("notebook.unknown-kind");
  });

  test("a chain of ten thousand cells does not overflow the stack", () => {
    const cells = Array.from({ length: 10_000 }, (_, index) =>
      fence(`template t${index}`, index === 9_999 ? "end" : `{{ t${index + 1} }}`),
    );
    const ids = [...graphOf("", ...cells).nodes.keys()];
    expect(ids[0]).toBe("t9999");
    expect(ids.at(-1)).toBe("t0");
  });
});

describe("axes", () => {
  const topic = fence("prompt topic", "---\nmodels: [small, big]\n---\nHi");

  test("a bare name broadcasts: its readers take its axes, also through others", () => {
    const graph = graphOf("", topic, fence("template a", "{{ topic }}"), fence("template b", "{{ a }}"));
    expect(nodeOf(graph, "b").axes.map((axis) => axis.name)).toEqual(["model"]);
  });

  test("the same axis with the same labels is joined", () => {
    const graph = graphOf("", topic, fence("prompt judge", "---\nmodels: [big, small]\n---\n{{ topic }}"));
    expect(nodeOf(graph, "judge").axes.map((axis) => axis.labels)).toEqual([["big", "small"]]);
    expect(nodeOf(graph, "judge").blocked).toBeNull();
  });

  test("the same axis with other labels is an error that offers another name", () => {
    const graph = graphOf("", topic, fence("prompt judge", "---\nmodels: [a, b]\n---\n{{ topic }}"));
    expect(nodeOf(graph, "judge").blocked).toMatchObject({
      code: "graph.axes-differ",
      message:
        "`judge` varies `model` over a, b (declared by `judge`) and reads `topic`, which varies it over small, big (declared by `topic`)",
      cure: 'Give one of them another name, as in `vary: { judge: [a, b] }, model: =vary.judge`, or read one label with `.at(model="…")`.',
    });
  });

  test(".at removes an axis", () => {
    const graph = graphOf("", topic, fence("template a", '{{ topic.at(model="big") }}'));
    expect(nodeOf(graph, "a").axes).toEqual([]);
    expect(nodeOf(graph, "a").reads).toMatchObject([{ as: "topic{model=big}", reference: { at: { model: "big" } } }]);
  });

  test(".at with a label there is not is an error that names those there are", () => {
    const graph = graphOf(
      "",
      topic,
      fence("template a", '{{ topic.at(model="huge") }}'),
      fence("template b", '{{ topic.at(tone="x") }}'),
    );
    expect(nodeOf(graph, "a").blocked).toMatchObject({ code: "graph.unknown-label", cure: "There are: small, big." });
    expect(nodeOf(graph, "b").blocked?.message).toBe("`topic` has no axis `tone`");
  });

  test("an axis that nothing reads is reported, and the cell still runs", () => {
    const graph = graphOf("", fence("prompt topic", "---\nmodel: m\nvary: { tone: [a, b] }\n---\nHi"));
    expect(nodeOf(graph, "topic").blocked).toBeNull();
    expect(graph.diagnostics).toMatchObject([
      { severity: "warning", code: "graph.unread-axis", position: { line: 8, column: 9 } },
    ]);
  });

  test("vary.x of an axis the cell does not have is an error", () => {
    expect(nodeOf(graphOf("", fence("template a", "{{ vary.tone }}")), "a").blocked?.code).toBe("graph.unknown-axis");
  });

  test("reduce removes the dimension repeat for readers", () => {
    const graph = graphOf(
      "",
      fence("prompt topic", "---\nmodel: m\nrepeat: 3\nreduce: majority\n---\nHi"),
      fence("template a", "{{ topic }}"),
    );
    expect(nodeOf(graph, "topic#each").axes.map((axis) => axis.name)).toEqual(["repeat"]);
    expect(nodeOf(graph, "topic").axes).toEqual([]);
    expect(nodeOf(graph, "a").axes).toEqual([]);
  });

  test("without reduce, repeats broadcast", () => {
    const graph = graphOf(
      "",
      fence("prompt topic", "---\nmodel: m\nrepeat: 3\n---\nHi"),
      fence("template a", "{{ topic }}"),
    );
    expect(nodeOf(graph, "a").axes.map((axis) => axis.name)).toEqual(["repeat"]);
  });

  test("an aggregate reads all results, and no axis travels", () => {
    const graph = graphOf(
      "",
      fence("prompt topic", "---\nmodel: m\nrepeat: 3\n---\nHi"),
      fence("test t", "count(topic) == 3"),
    );
    expect(nodeOf(graph, "t").axes).toEqual([]);
    expect(nodeOf(graph, "t").reads).toMatchObject([{ type: "results", node: "topic" }]);
  });
});

describe("sheets", () => {
  const sheet = (fields: string, ...cells: readonly string[]) =>
    fence("sheet triage", `---\nrows: tickets\n${fields}\n---\n${cells.join("\n")}`);
  const rows = fence("data tickets", "text,category\nHi,a");
  const known = fence("template known", "shared");
  const topic = fence("prompt topic", "---\nmodels: [small, big]\n---\n{{ message }} {{ known }}");

  test("what with binds is substituted in every outer cell the sheet computes", () => {
    const graph = graphOf(inputs, rows, known, topic, sheet("with: { message: =row.text }\ncolumns: [topic]"));
    expect(reads(graph, "triage.topic")).toEqual([
      ["bound", "message"],
      ["node", "known"],
    ]);
    expect(reads(graph, "topic")).toEqual([
      ["input", "message"],
      ["node", "known"],
    ]);
  });

  test("what does not depend on the row is computed once and shared", () => {
    const graph = graphOf(inputs, rows, known, topic, sheet("with: { message: =row.text }\ncolumns: [topic]"));
    expect([...graph.nodes.keys()].filter((id) => id.includes("known"))).toEqual(["known"]);
  });

  test("a column that is the same in every row is an error", () => {
    const graph = graphOf(inputs, rows, known, sheet("with: { message: =row.text }\ncolumns: [known]"));
    expect(nodeOf(graph, "triage").blocked?.code).toBe("sheet.same-in-every-row");
  });

  test("a sheet's own cells see the row, its columns and their siblings", () => {
    const graph = graphOf(
      inputs,
      rows,
      known,
      topic,
      sheet(
        "with: { message: =row.text }\ncolumns: [topic]",
        fence("template first", "{{ topic }} {{ row.category }}"),
        fence("template second", "{{ first }}"),
      ),
    );
    expect(reads(graph, "triage.first")).toEqual([
      ["node", "topic"],
      ["row", "row"],
    ]);
    expect(nodeOf(graph, "triage.first").reads[0]).toMatchObject({ node: "triage.topic" });
    expect(nodeOf(graph, "triage.second").reads[0]).toMatchObject({ node: "triage.first" });
    expect(nodeOf(graph, "triage.second").axes.map((axis) => axis.name)).toEqual(["model"]);
  });

  test("outside, triage is the table and triage.correct one cell's results", () => {
    const graph = graphOf(
      inputs,
      rows,
      known,
      topic,
      sheet("with: { message: =row.text }\ncolumns: [topic]", fence("template correct", "{{ topic }}")),
      fence("sql a", "select * from triage"),
      fence("sql b", "select * from triage.correct"),
      fence("test t", 'mean(triage.correct.at(model="big")) > 0'),
    );
    expect(nodeOf(graph, "a").reads).toMatchObject([{ type: "node", node: "triage", as: "triage" }]);
    expect(nodeOf(graph, "b").reads).toMatchObject([{ type: "results", node: "triage.correct", as: "triage.correct" }]);
    expect(nodeOf(graph, "t").reads).toMatchObject([
      { type: "results", node: "triage.correct", as: "triage.correct{model=big}" },
    ]);
    expect(nodeOf(graph, "a").axes).toEqual([]);
  });

  test("columns are in the order given, then the sheet's own cells", () => {
    const graph = graphOf(
      inputs,
      rows,
      known,
      topic,
      fence("template upper", "{{ message }}"),
      sheet("with: { message: =row.text }\ncolumns: [upper, topic]", fence("template own", "{{ row.text }}")),
    );
    expect(graph.sheets.get("triage")?.columns).toEqual(["triage.upper", "triage.topic", "triage.own"]);
    expect(graph.sheets.get("triage")?.reads).toEqual(["text"]);
  });

  test("a formula's bare names are siblings, or else columns of the row", () => {
    const graph = graphOf(
      inputs,
      rows,
      sheet("", fence("template own", "{{ row.text }}"), fence("formula f", "own || category")),
    );
    expect(reads(graph, "triage.f")).toEqual([
      ["node", "own"],
      ["row", "category"],
    ]);
  });

  test("facts of a column outside its sheet say what to do instead", () => {
    const own = fence("template own", "{{ row.text }}");
    const graph = graphOf(
      inputs,
      rows,
      sheet("", own, fence("template inside", "{{ meta(triage.own).cost }}")),
      fence("template facts", "It cost {{ meta(triage.own).cost }}"),
    );
    expect(graph.diagnostics).toMatchObject([
      {
        code: "graph.facts-of-a-column",
        cell: "facts",
        message: "`meta(triage.own)` is one result's, and `triage.own` has one for each row",
        cure: "Its facts are in its table: `from triage.own` in SQL has the column `meta`.",
      },
    ]);
    expect(nodeOf(graph, "facts").blocked?.code).toBe("graph.facts-of-a-column");
    expect(nodeOf(graph, "triage.inside").blocked).toBeNull();
  });

  test("a sheet without rows, and one within a sheet's rows, say so", () => {
    expect(nodeOf(graphOf("", fence("sheet s", "---\ncolumns: []\n---\n")), "s").blocked?.code).toBe("sheet.no-rows");
    const nested = graphOf(inputs, rows, sheet("", fence("sheet inner", "---\nrows: tickets\n---\n")));
    expect(nodeOf(nested, "triage.inner").blocked?.code).toBe("graph.nested-sheet");
  });

  test("an input that with binds must exist", () => {
    const graph = graphOf(inputs, rows, sheet("with: { mesage: =row.text }"));
    expect(nodeOf(graph, "triage").blocked).toMatchObject({
      message: "there is no input `mesage`",
      cure: "Did you mean `message`?",
    });
  });
});
