import { describe, expect, test } from "vitest";
import { fence, graphOf, nodeOf } from "./__fixtures__/graph-of.ts";
import type { Graph, Read } from "./graph-node.ts";
import { dependenciesOf } from "./graph-read.ts";

const message = "inputs:\n  message: { type: string, default: Hi }\n";
const tickets = fence("data tickets", "text,category\nHi,a");
const one = fence("template one", "{{ message }}");
const sheet = (fields: string, ...cells: readonly string[]): string =>
  fence("sheet triage", `---\nrows: tickets\n${fields}\n---\n${cells.join("\n")}`);
const bound = "with: { message: =row.text }";

/** What a node reads, without the references. */
const reads = (graph: Graph, id: string): readonly unknown[] => bare(nodeOf(graph, id).reads);
const bare = (reads: readonly Read[]): readonly unknown[] =>
  reads.map((read) => Object.fromEntries(Object.entries(read).filter(([key]) => key !== "reference")));
const needs = (graph: Graph, id: string): readonly string[] => dependenciesOf(nodeOf(graph, id), graph.sheets);

describe("a cell reads", () => {
  test("each thing once, however often it is named, and a tolerant reading beside a strict one", () => {
    const graph = graphOf(message, one, fence("template a", "{{ one }} {{ one }} {{ one or 1 }} {{ message }}"));
    expect(reads(graph, "a")).toEqual([
      { type: "node", node: "one", as: "one" },
      { type: "node", node: "one", as: "one" },
      { type: "input", input: "message", as: "message" },
    ]);
    expect(nodeOf(graph, "a").reads.map(({ reference }) => reference.tolerant)).toEqual([false, true, false]);
  });

  test("what one of its wordings reads for that alone, and what a setting or all of them read for all", () => {
    const graph = graphOf(
      message,
      one,
      fence("js two", "return 2"),
      fence("template t.a", "---\nwhen: =two == 2\n---\n{{ message }}"),
      fence("template t.b", "{{ message }} {{ one }} {{ two }}"),
      fence("template t.c", "{{ one }} {{ vary.tone or '' }}"),
    );
    expect(reads(graph, "t")).toEqual([
      { type: "node", node: "two", as: "two" },
      { type: "input", input: "message", as: "message", only: ["a", "b"] },
      { type: "node", node: "one", as: "one", only: ["b", "c"] },
      { type: "vary", axis: "tone", as: "vary", only: ["c"] },
    ]);
    expect(needs(graph, "t")).toEqual(["two", "one"]);
  });

  test("facts of a result apart from its value, with its axes", () => {
    const topic = fence("prompt topic", "---\nmodels: [small, big]\n---\nHi");
    const graph = graphOf("", topic, fence("template a", "{{ meta(topic).cost }}"));
    expect(reads(graph, "a")).toEqual([{ type: "meta", node: "topic", as: "topic" }]);
    expect(nodeOf(graph, "a").axes.map((axis) => axis.name)).toEqual(["model"]);
    expect(needs(graph, "a")).toEqual(["topic"]);
  });

  test("a label's value, and what is wrong where none is named", () => {
    const graph = graphOf("", fence("template a", "---\nvary: { tone: [dry] }\n---\n{{ vary.tone }}"));
    expect(reads(graph, "a")).toEqual([{ type: "vary", axis: "tone", as: "vary" }]);
    expect(reads(graphOf("", fence("template a", "{{ vary }}")), "a")).toEqual([
      { type: "vary", axis: "", as: "vary" },
    ]);
  });

  test("all results of what stands under an aggregate, or one field of them", () => {
    const graph = graphOf(message, one, fence("test t", "count(one) == 1\nmean(one.score) > 0"));
    expect(reads(graph, "t")).toEqual([
      { type: "results", node: "one", form: "figures", field: null, as: "one" },
      { type: "results", node: "one", form: "figures", field: "score", as: "one.score" },
    ]);
  });

  test("a dataset file that a field names, at its place", () => {
    const graph = graphOf("", fence("data a", "---\nfile: banking77/train.csv\n---"));
    expect(reads(graph, "a")).toEqual([{ type: "file", path: "banking77/train.csv", as: "banking77/train.csv" }]);
    expect(nodeOf(graph, "a").reads[0]!.reference).toEqual({
      name: "banking77/train.csv",
      path: [],
      at: null,
      tolerant: false,
      meta: false,
      field: "file",
      position: { line: 7, column: 7, offset: 38, length: 19 },
    });
    expect(reads(graphOf("", fence("data a", "---\nfile: =1\n---")), "a")).toEqual([]);
    expect(reads(graphOf("", fence("data a", "---\nfile: 3\n---")), "a")).toEqual([]);
    expect(reads(graphOf("", fence("data a", "---\ntitle: x.csv\n---\nb\n1")), "a")).toEqual([]);
  });

  test("no file by a plain name in SQL, nor a column outside a sheet", () => {
    const unknown = (cell: string): unknown => nodeOf(graphOf("", cell), "a").blocked?.code;
    expect(unknown(fence("sql a", "from nobody"))).toBe("graph.unknown-name");
    expect(unknown(fence("formula a", "nobody"))).toBe("graph.unknown-name");
    expect(unknown(fence("template a", "{{ row.text }}"))).toBe("graph.unknown-name");
  });

  test("in the fields that its kind computes what the kind gives, and elsewhere not", () => {
    const graph = graphOf("", tickets, fence("retrieve r", "from: tickets\ntext: text\nquery: =item.text"));
    expect(nodeOf(graph, "r").blocked?.message).toBe("there is no input or cell `item`");
    const score = fence("score s", "---\nlanguage: js\noutput: =output\n---\nreturn output === expected");
    expect(graphOf("", score).diagnostics.map(({ message }) => message)).toEqual([
      "there is no input or cell `output`",
    ]);
  });

  test("what only has to be done before, from a list of cells too", () => {
    const graph = graphOf(message, one, tickets, fence("template a", "---\nafter: [one, tickets]\n---\nHi"));
    expect(reads(graph, "a")).toEqual([
      { type: "after", node: "one", as: "one" },
      { type: "after", node: "tickets", as: "tickets" },
    ]);
  });
});

describe("one value of repeats", () => {
  const repeated = (repeat: string): Graph =>
    graphOf("", fence("prompt topic", `---\nmodel: m\nrepeat: ${repeat}\nreduce: majority\n---\nHi`));

  test("reads each repeat, and does without those that were skipped", () => {
    const graph = repeated("3");
    expect(nodeOf(graph, "topic#each")).toMatchObject({ name: "topic#each", reduces: false });
    expect(nodeOf(graph, "topic")).toMatchObject({ name: "topic", reduces: true, kind: { kind: "reduce" } });
    expect(reads(graph, "topic")).toEqual(
      ["1", "2", "3"].map((label) => ({ type: "node", node: "topic#each", as: label })),
    );
    expect(nodeOf(graph, "topic").reads.map(({ reference }) => reference)).toMatchObject(
      ["1", "2", "3"].map((repeat) => ({ name: "topic", at: { repeat }, tolerant: true, field: "reduce" })),
    );
  });

  test("is none where there are no repeats to count", () => {
    expect([...repeated("many").nodes.keys()]).toEqual(["topic"]);
    expect(nodeOf(repeated("0"), "topic").reads).toHaveLength(1);
    expect(nodeOf(repeated("2000"), "topic").reads).toHaveLength(1000);
  });
});

describe("a sheet", () => {
  test("has its rows, its key, what it binds, and the rows' columns that anything in it reads", () => {
    const two = "inputs:\n  message: { type: string, default: Hi }\n  tone: { type: string, default: dry }\n";
    const graph = graphOf(
      `${two}  count: { type: number, default: 1 }\n`,
      tickets,
      one,
      fence("template suffix", "!"),
      sheet(
        'key: id\nwith: { message: =row.text, tone: "=row.mood ~ suffix", count: 3 }\ncolumns: [one]',
        fence("template own", "{{ row.zone }} {{ row.category }}"),
      ),
    );
    const { cell: _, ...triage } = graph.sheets.get("triage")!;
    expect(triage).toMatchObject({
      id: "triage",
      rows: { type: "node", node: "tickets", as: "tickets" },
      key: "id",
      nodes: ["triage.one", "triage.own"],
      columns: ["triage.one", "triage.own"],
      reads: ["category", "mood", "text", "zone"],
    });
    expect(triage.bindings).toMatchObject([
      { input: "message", type: "column", column: "text" },
      { input: "tone", type: "expression", source: "row.mood ~ suffix" },
      { input: "count", type: "constant", value: 3 },
    ]);
    const expression = triage.bindings[1]!;
    expect(expression.type === "expression" && bare(expression.reads)).toEqual([
      { type: "row", column: "mood", as: "row" },
      { type: "node", node: "suffix", as: "suffix" },
    ]);
    expect(graphOf("", tickets, sheet("key: [a, b]")).sheets.get("triage")!.key).toBeNull();
  });

  test("has as its rows a cell's table or another sheet's column, also at labels, and nothing else", () => {
    const own = fence("template own", "---\nvary: { tone: [warm, cold] }\n---\n{{ vary.tone }} {{ row.text }}");
    const below = (rows: string): string =>
      fence("sheet below", `---\nrows: ${rows}\n---\n${fence("template more", "{{ row.text }}")}`);
    const graph = (rows: string): Graph => graphOf("", tickets, sheet("", own), below(rows));
    const column = { type: "results", node: "triage.own", form: "table", field: null };
    for (const [rows, read] of [
      ["tickets", { type: "node", node: "tickets", as: "tickets" }],
      ["=tickets", { type: "node", node: "tickets", as: "tickets" }],
      ["triage", { type: "node", node: "triage", as: "triage" }],
      ["triage.own", { ...column, as: "triage.own" }],
      ['=triage.own.at(tone="warm")', { ...column, as: "triage.own{tone=warm}" }],
    ] as const) {
      expect(graph(rows).diagnostics, rows).toEqual([]);
      expect(graph(rows).sheets.get("below")!.rows, rows).toMatchObject(read);
    }
    expect(needs(graph("triage.own"), "below.more")).toEqual(["triage.own"]);

    const problem = (rows: string): unknown =>
      graph(rows).diagnostics.map(({ code, cell, message }) => [code, cell, message])[0];
    for (const rows of ["triage.owm", "triage.text", "tickets.text", "triage.own.score", "below", "below.more"])
      expect(problem(rows)).toEqual(["graph.unknown-name", "below", `there is no input or cell \`${rows}\``]);
    expect(problem('=triage.own.at(tone="dry")')).toEqual([
      "graph.unknown-label",
      "below",
      "`triage.own` has no tone dry",
    ]);
  });

  test("has as its rows a list that an input or a cell gives, or that is computed by a part of it", () => {
    const front = "inputs: { given: json }\n";
    const over = (rows: string): Graph =>
      graphOf(
        front,
        tickets,
        fence("js made", "return []"),
        fence("sheet triage", `---\nrows: ${rows}\n---\n${fence("template own", "{{ item }}")}`),
      );
    const computed = { type: "node", node: "triage#rows", as: "rows(triage)" };
    for (const [rows, read, below] of [
      ["given", { type: "input", input: "given" }, []],
      ["made", { type: "node", node: "made" }, []],
      ["given.list", computed, ["given"]],
      ["made.list", computed, ["made"]],
      ["=made.list", computed, ["made"]],
      ["=tickets | list", computed, ["tickets"]],
      ["=range(3)", computed, []],
      ["[tickets, made]", computed, []],
      ['["=made", tickets]', computed, ["made"]],
    ] as const) {
      const graph = over(rows);
      expect(graph.diagnostics, rows).toEqual([]);
      expect(graph.sheets.get("triage"), rows).toMatchObject({ rows: read, of: "list", reads: ["item"] });
      if (read === computed)
        expect(
          nodeOf(graph, "triage#rows").reads.map(({ as }) => as),
          rows,
        ).toEqual(below);
    }
    expect(graphOf("", tickets, sheet("")).sheets.get("triage")!.of).toBe("table");
  });

  test("is done after its columns, and they after its rows and what it binds", () => {
    const graph = graphOf(
      message,
      tickets,
      one,
      fence("template suffix", "!"),
      sheet("with: { message: =row.text ~ suffix }\ncolumns: [one]", fence("template own", "{{ row.text }}")),
    );
    expect(needs(graph, "triage")).toEqual(["tickets", "tickets", "suffix", "triage.one", "triage.own"]);
    expect(needs(graph, "triage.one")).toEqual(["suffix", "tickets", "suffix"]);
    expect(needs(graph, "one")).toEqual([]);
    expect(reads(graph, "triage")).toEqual([{ type: "node", node: "tickets", as: "tickets" }]);
    expect(nodeOf(graph, "triage").axes).toEqual([]);
  });

  test("shows without `columns` the outputs that differ from row to row", () => {
    const graph = graphOf(
      `${message}outputs: [shared, one, nobody]\n`,
      tickets,
      one,
      fence("template shared", "1"),
      sheet(bound),
    );
    expect(graph.sheets.get("triage")!.columns).toEqual(["triage.one"]);
  });

  test("shows a column once, in the first of its places", () => {
    const graph = graphOf(
      message,
      tickets,
      one,
      sheet(`${bound}\ncolumns: [one, own, one]`, fence("template own", "1")),
    );
    expect(graph.sheets.get("triage")!.columns).toEqual(["triage.one", "triage.own"]);
  });

  test("binds a plain column where the expression is nothing else", () => {
    const binding = (expression: string): unknown => {
      const { reads: _, ...rest } = {
        reads: [],
        ...graphOf(message, tickets, sheet(`with: { message: "${expression}" }`)).sheets.get("triage")!.bindings[0]!,
      };
      return rest;
    };
    expect(binding("= row.text ")).toEqual({ input: "message", type: "column", column: "text" });
    for (const source of ["row.text ~ row.text", "row.text.size", "row.text | upper", "row['text']", "1 + 1"])
      expect(binding(`=${source}`)).toEqual({ input: "message", type: "expression", source });
    expect(binding("row.text")).toEqual({ input: "message", type: "constant", value: "row.text" });
  });

  test("without a mapping under with binds nothing", () => {
    for (const value of ["[a]", "message", "null", "3"])
      expect(graphOf(message, tickets, sheet(`with: ${value}`)).sheets.get("triage")!.bindings).toEqual([]);
  });

  test("is read by its members: a column's results and their fields, while facts are in its table", () => {
    const graph = graphOf(
      message,
      tickets,
      one,
      sheet(`${bound}\ncolumns: [one]`, fence("template own", "{{ row.text }}")),
      fence("test t", "count(triage.one) == 1\nmean(triage.own.score) > 0\ncount(triage) == 1"),
      fence("template m", "{{ meta(triage.own).cost }}"),
      fence("template rows", "{{ triage.text }}"),
    );
    expect(reads(graph, "t")).toEqual([
      { type: "results", node: "triage.one", form: "figures", field: null, as: "triage.one" },
      { type: "results", node: "triage.own", form: "figures", field: "score", as: "triage.own.score" },
      { type: "results", node: "triage", form: "figures", field: null, as: "triage" },
      { type: "results", node: "triage.own", form: "counts", field: null, as: "triage.own" },
    ]);
    expect(nodeOf(graph, "m").blocked?.code).toBe("graph.facts-of-a-column");
    expect(reads(graph, "rows")).toEqual([{ type: "node", node: "triage", as: "triage" }]);
  });

  test("is covered by a test that reads its table or what was made of it: the results of its columns are read for their counts", () => {
    const graph = graphOf(
      message,
      tickets,
      one,
      sheet(`${bound}\ncolumns: [one]`, fence("template own", "{{ row.text }}")),
      fence("template told", "{{ triage | length }} {{ mean(triage.own) }}"),
      fence("test t", "triage.one | length == 1\ntriage | length == 1\ntold == '1'\ntickets | length == 1"),
    );
    const counts = { type: "results", form: "counts", field: null } as const;
    expect(reads(graph, "t")).toEqual([
      { type: "results", node: "triage.one", form: "table", field: null, as: "triage.one" },
      { type: "node", node: "triage", as: "triage" },
      { type: "node", node: "told", as: "told" },
      { type: "node", node: "tickets", as: "tickets" },
      { ...counts, node: "triage.own", as: "triage.own" },
    ]);
    expect(nodeOf(graph, "t").covers).toEqual([
      { value: "triage", results: "triage.one", isColumn: true },
      { value: "triage", results: "triage.own", isColumn: true },
      { value: "told", results: "triage.own", isColumn: false },
      { value: "told", results: "triage.one", isColumn: false },
    ]);
    expect(nodeOf(graph, "told").covers).toEqual([]);
  });

  test("has a column's results as figures under an aggregate and as a table elsewhere, and in one cell both as the table", () => {
    const graph = graphOf(
      message,
      tickets,
      sheet("", fence("template own", "{{ row.text }}"), fence("template sum", "{{ count(own) }}")),
      fence("template t", "{{ count(triage.own) }} {{ triage.own[0].own }} {{ count(triage.own.score) }}"),
      fence("template later", "---\nafter: triage.own\n---\nHi"),
    );
    const table = { type: "results", node: "triage.own", form: "table", field: null, as: "triage.own" };
    expect(reads(graph, "t")).toEqual([
      table,
      { type: "results", node: "triage.own", form: "figures", field: "score", as: "triage.own.score" },
    ]);
    expect(reads(graph, "triage.sum")).toEqual([{ ...table, form: "figures", as: "own" }]);
    expect(reads(graph, "later")).toEqual([{ type: "after", node: "triage.own", as: "triage" }]);
  });

  test("reads itself in none of its rows, and is a name like others in its cells", () => {
    const graph = graphOf(
      message,
      tickets,
      fence("sql whole", "from triage"),
      sheet(`${bound}\ncolumns: [whole]`, fence("template own", "{{ message }}")),
    );
    expect(nodeOf(graph, "triage").blocked?.message).toBe(
      "`whole` does not depend on the rows of `triage`, so it is no column",
    );
    expect(nodeOf(graph, "whole").blocked).toBeNull();
  });

  test("computes cells of another spelling as one", () => {
    const graph = graphOf("", tickets, sheet("", fence("template Own", "1"), fence("template b", "{{ Own }}")));
    expect(graph.sheets.get("triage")!.nodes).toEqual(["triage.Own", "triage.b"]);
  });
});
