import { describe, expect, test } from "vitest";
import { fence, graphOf, nodeOf } from "./__fixtures__/graph-of.ts";

const message = "inputs:\n  message: { type: string, default: Hi }\n";
const tickets = fence("data tickets", "text\nHi");
const topic = fence("prompt topic", "---\nmodels: [small, big]\n---\nHi");
const sheet = (fields: string, ...cells: readonly string[]): string =>
  fence("sheet triage", `---\n${fields}\n---\n${cells.join("\n")}`);

/** Every problem of a notebook as `severity code cell line:column message → cure`. */
function problems(front: string, ...cells: readonly string[]): readonly string[] {
  return graphOf(front, ...cells).diagnostics.map(
    ({ severity, code, cell, position, message, cure }) =>
      `${severity} ${code} ${cell ?? "-"} ${position.line}:${position.column}+${position.length} ${message} → ${cure}`,
  );
}

describe("an unknown name", () => {
  test("is told with the nearest name, or with those there are", () => {
    expect(problems(message, fence("template a", "{{ mesage }}"))).toEqual([
      "error graph.unknown-name a 8:4+6 there is no input or cell `mesage` → Did you mean `message`?",
    ]);
    expect(problems("", fence("template a", "{{ nothing_like_it }}"), fence("template b", "1"))).toEqual([
      "error graph.unknown-name a 6:4+15 there is no input or cell `nothing_like_it` → There are: a, b.",
    ]);
  });

  test("is told with twelve names at most", () => {
    const others = Array.from({ length: 14 }, (_, index) => fence(`template t${index}`, "1"));
    expect(problems("", fence("template a", "{{ nothing_like_it }}"), ...others)[0]).toMatch(
      / → There are: a, t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10\.$/,
    );
  });

  test("of a sheet's own cell is read through the sheet from outside, and in another sheet", () => {
    const own = sheet("rows: tickets", fence("template own", "{{ row.text }}"));
    const other = fence("sheet other", `---\nrows: tickets\n---\n${fence("template x", "{{ own }}")}`);
    expect(problems("", tickets, own, fence("template a", "{{ own }}"), other).map((line) => line.slice(6))).toEqual([
      "graph.unknown-name x 28:4+3 there is no input or cell `own` → It is a cell of the sheet `triage`: read `triage.own`.",
      "graph.unknown-name a 20:4+3 there is no input or cell `own` → It is a cell of the sheet `triage`: read `triage.own`.",
    ]);
  });

  test("in a sheet may be meant for one of the sheet's own cells", () => {
    const cells = [fence("template first_word", "{{ row.text }}"), fence("template x", "{{ first_wrd }}")];
    expect(problems("", tickets, sheet("rows: tickets", ...cells))).toEqual([
      "error graph.unknown-name x 18:4+9 there is no input or cell `first_wrd` → Did you mean `first_word`?",
    ]);
  });
});

describe("a cycle", () => {
  test("is told on each of its cells at its place, once, and blocks them", () => {
    const cells = [
      fence("template a", "{{ b }} {{ c }}"),
      fence("template b", "{{ a }}"),
      fence("template c", "{{ a }}"),
    ];
    expect(problems("", ...cells)).toEqual([
      "error graph.cycle a 5:1+13 `a` reads itself: a → b → a → Take one of these references away; a loop over earlier results is not a cell's own reading.",
      "error graph.cycle b 9:1+13 `b` reads itself: a → b → a → Take one of these references away; a loop over earlier results is not a cell's own reading.",
      "error graph.cycle c 13:1+13 `c` reads itself: a → c → a → Take one of these references away; a loop over earlier results is not a cell's own reading.",
    ]);
    expect(nodeOf(graphOf("", ...cells), "b").blocked).toMatchObject({
      code: "graph.cycle",
      position: { line: 9, column: 1 },
    });
  });

  test("is only what reads itself: what leads to it is before or after it, and runs", () => {
    const graph = graphOf(
      "",
      fence("template start", "{{ a }}"),
      fence("template a", "{{ b }} {{ given }}"),
      fence("template b", "{{ a }}"),
      fence("template given", "1"),
    );
    expect(nodeOf(graph, "start").blocked).toBeNull();
    expect(nodeOf(graph, "a").blocked?.message).toBe("`a` reads itself: a → b → a");
    expect([...graph.nodes.keys()]).toEqual(["given", "start", "b", "a"]);
  });

  test("goes through a sheet's rows, and what with binds", () => {
    expect(
      problems(message, fence("sql tickets", "from triage"), sheet("rows: tickets"))
        .map((line) => line.split(" → ").slice(0, -1).join(" → "))
        .map((line) => line.slice(line.indexOf("`"))),
    ).toEqual([
      "`tickets` reads itself: tickets → triage → tickets",
      "`triage` reads itself: tickets → triage → tickets",
    ]);
    const bound = graphOf(
      message,
      tickets,
      fence("sql sum", "from triage"),
      sheet("rows: tickets\nwith: { message: =sum ~ row.text }", fence("template own", "{{ message }}")),
    );
    expect(nodeOf(bound, "sum").blocked?.code).toBe("graph.cycle");
  });
});

describe("axes", () => {
  test("of a name that is varied twice are told at the reading, with another name for the reader's", () => {
    expect(
      problems(
        "",
        fence("template one", "---\nvary: { tone: [a, b] }\n---\n{{ vary.tone }}"),
        fence("template two", "---\nvary: { tone: [c] }\n---\n{{ vary.tone }} {{ one }}"),
      ),
    ).toEqual([
      "error graph.axes-differ two 16:20+3 `two` varies `tone` over c (declared by `two`) and reads `one`, which varies it over a, b (declared by `one`) → " +
        'Give one of them another name, as in `vary: { two_tone: [c] }`, or read one label with `.at(tone="…")`.',
    ]);
  });

  test("named like the sheet they are in are told once, where the cell declares or first reads them, and block all that has them", () => {
    const told = (line: number, cell: string, axis: string, at: string): string =>
      `error graph.axis ${cell} ${line}:${at} \`${cell}\` varies \`${axis}\` in the sheet \`${axis}\`: its rows and its labels ` +
      "could not be told apart → Rename the sheet or the axis.";
    const named = (name: string, ...cells: readonly string[]): string =>
      fence(`sheet ${name}`, `---\nrows: tickets\n---\n${cells.join("\n")}`);
    const reader = fence("template reader", "{{ own }}");
    const own = fence("template own", "---\nvary: { tone: [a, b] }\n---\n{{ vary.tone }}");
    expect(problems("", tickets, named("tone", own, reader))).toEqual([told(16, "own", "tone", "9+4")]);
    const repeated = fence("prompt own", "---\nrepeat: 2\nreduce: mean\n---\nHi");
    expect(problems("", tickets, named("repeat", repeated, reader))).toEqual([told(14, "own", "repeat", "1+13")]);
    const outer = fence("template outer", "{{ topic }}");
    expect(problems("", tickets, topic, named("model", outer))).toEqual([told(21, "outer", "model", "1+17")]);
    expect(
      problems("", tickets, topic, named("model", fence("template outer", '{{ topic.at(model="big") }}'))),
    ).toEqual([]);

    const graph = graphOf("", tickets, named("tone", own, reader));
    expect(["tone.own", "tone.reader"].map((id) => nodeOf(graph, id).blocked?.code)).toEqual([
      "graph.axis",
      "graph.axis",
    ]);
    expect(nodeOf(graph, "tone").blocked).toBeNull();
  });

  test("that `vary` reads and the cell has not are told with those it has, or how to declare one", () => {
    expect(problems("", fence("template a", "{{ vary.tone }}"))).toEqual([
      "error graph.unknown-axis a 6:4+4 `vary.tone` is read, and `a` has no axis `tone` → Declare it: `vary: { tone: [a, b] }`.",
    ]);
    expect(
      problems(
        "",
        fence("prompt a", "---\nmodels: [x, y]\nvary: { shots: [0] }\n---\n{{ vary.shots }} {{ vary.tone }}"),
      ),
    ).toEqual([
      "error graph.unknown-axis a 10:21+4 `vary.tone` is read, and `a` has no axis `tone` → Its axes are model, shots.",
    ]);
  });

  test("that is declared wrongly is told there, and not where it is read", () => {
    const found = problems("", fence("template a", "---\nvary: { u: [b, b] }\n---\n{{ vary.u }}"));
    expect(found).toEqual([expect.stringContaining("the axis `u` has the label b twice")]);
  });

  test("at a label there is not are told with the labels or axes there are", () => {
    expect(
      problems(
        "",
        topic,
        fence("template plain", "1"),
        fence("template a", '{{ topic.at(model="huge") }}'),
        fence("template b", '{{ topic.at(tone="x") }}'),
        fence("template c", '{{ plain.at(tone="x") }}'),
      ).map((line) => line.slice("error graph.unknown-label ".length)),
    ).toEqual([
      "a 17:4+5 `topic` has no model huge → There are: small, big.",
      "b 21:4+5 `topic` has no axis `tone` → There are: model.",
      "c 25:4+5 `plain` has no axis `tone` → `plain` has no axes: leave `.at(…)` out.",
    ]);
  });

  test("that nothing in the cell reads are told at their name; those that work by themselves are not", () => {
    const unread = "→ Use `vary.tone` in the cell, or take the axis away: each label costs a run.";
    expect(problems("", fence("template a", "---\nvary: { shots: [1], tone: [a] }\n---\n{{ vary.shots }}"))).toEqual([
      `warning graph.unread-axis a 7:21+4 \`a\` varies \`tone\`, and nothing in it reads \`vary.tone\` ${unread}`,
    ]);
    expect(problems("", topic, fence("prompt b.x", "---\nrepeat: 2\n---\n1"), fence("prompt b.y", "2"))).toEqual([]);
    expect(problems("", fence("template a", "---\nmodels: [x]\n---\n1"))).toEqual([
      "warning graph.unread-axis a 5:1+13 `a` varies `model`, and nothing in it reads `vary.model` → " +
        "Use `vary.model` in the cell, or take the axis away: each label costs a run.",
    ]);
    expect(problems("", fence("python a", "---\nvary: { tone: [a] }\n---\n1"))[0]).toMatch(/unread-axis/);
  });
});

describe("a sheet", () => {
  test("needs rows that are a cell's", () => {
    expect(problems("", sheet("columns: []"))).toEqual([
      "error sheet.no-rows triage 5:1+15 the sheet `triage` has no rows → Name the cell whose table or list gives them, `rows: tickets`, or write a list: `rows: [red, green]`.",
    ]);
    expect(problems("", tickets, sheet("rows: ticket"))).toEqual([
      "error graph.unknown-name triage 12:7+6 there is no input or cell `ticket` → Did you mean `tickets`?",
    ]);
    expect(problems("", sheet("rows: triage"))[0]).toMatch(
      /^error graph\.unknown-name triage 7:7\+6 there is no input or cell `triage`/,
    );
    expect(problems("", tickets, sheet("rows: = tickets"))).toEqual([]);
  });

  test("takes an input for its rows where that is a table or may be a list", () => {
    for (const type of ["table", "json", "messages"])
      expect(problems(`inputs: { given: ${type} }\n`, sheet("rows: given"))).toEqual([]);
    expect(problems(message, sheet("rows: message"))).toEqual([
      "error sheet.rows-of-no-table triage 9:7+7 the input `message` is a string, and the rows of `triage` are a table or a list → Make it one: `message: table`, or `message: json`.",
    ]);
  });

  test("takes no cell for its rows that gives something else", () => {
    const cure = "→ Name one that gives a table or a list: a query, code, or a prompt with a `schema` of type array.";
    const made = (kind: string, body: string): readonly string[] =>
      problems("", fence(`${kind} made`, body), sheet("rows: made")).filter((line) => line.includes("sheet."));
    for (const [kind, body, type, line] of [
      ["template", "1", "string", 11],
      ["prompt", "---\nmodel: x/y\nschema: { total: number }\n---\n1", "object", 15],
      ["score", "---\noutput: 1\n---\n- equals: 1", "score", 14],
      ["test", "1 == 1", "test", 11],
    ] as const)
      expect(made(kind, body)).toEqual([
        `error sheet.rows-of-no-table triage ${line}:7+4 the cell \`made\` is a ${type}, and the rows of \`triage\` are a table or a list ${cure}`,
      ]);
    expect(made("prompt", "---\nmodel: x/y\nschema: { type: array, items: { type: string } }\n---\n1")).toEqual([]);
    expect(made("js", "return []")).toEqual([]);
  });

  test("has its rows once, so that what gives them at labels is read at one of them", () => {
    const made = fence("js made", "---\nvary: { tone: [warm, cold] }\n---\nreturn [vary.tone]");
    const told = (rows: string, label: string): string =>
      `error sheet.rows-vary triage 14:${rows} \`rows\` of \`triage\` reads \`made\`, which varies \`tone\`, and a sheet has its rows once → Read one label: \`${label}.at(tone="warm")\`.`;
    expect(problems("", made, sheet("rows: made"))).toEqual([told("7+4", "=made")]);
    expect(problems("", made, sheet("rows: =made | reverse"))).toEqual([told("8+4", "made")]);
    expect(problems("", made, sheet('rows: =made.at(tone="warm")'))).toEqual([]);
  });

  test("over a list has `item` and `index`, and no columns", () => {
    const list = (settings: string, ...cells: readonly string[]): readonly string[] =>
      problems(message, sheet(`rows: [a, b]${settings}`, ...cells)).map((line) => line.slice(6));
    expect(
      list("\nwith: { message: =item }", fence("template own", "{{ item }} {{ row.index }} {{ row.item }}")),
    ).toEqual([]);
    const lacks = "the rows of `triage` are the elements of a list, which have no column";
    expect(
      list(
        "\nwith: { message: =row.text }",
        fence("template own", "{{ row.text }}"),
        fence("js code", "return Object.keys(row)"),
        fence("formula cost", "price + 1"),
        fence("template apart", "{{ row.text | default('none') }}"),
      ),
    ).toEqual([
      `sheet.column-of-list triage 10:19+3 ${lacks} \`text\` → The element is \`item\`: write \`item.text\`. Its number, from 0, is \`index\`.`,
      `sheet.column-of-list cost 19:1+5 ${lacks} \`price\` → The element is \`item\`: write \`item.price\`. Its number, from 0, is \`index\`.`,
      `sheet.column-of-list code 16:20+3 ${lacks}s → The element is \`item\`: write \`item\`. Its number, from 0, is \`index\`.`,
      `sheet.column-of-list own 13:4+3 ${lacks} \`text\` → The element is \`item\`: write \`item.text\`. Its number, from 0, is \`index\`.`,
    ]);
    expect(list("", fence("formula price", "message"))).toEqual([
      `sheet.column-of-list price 12:1+7 ${lacks} \`message\` → What stands outside the sheet is \`$message\` in a formula.`,
    ]);
  });

  test("over a table has columns, and no `item`", () => {
    const told = (name: string, place: string, column = "NAME"): string =>
      `sheet.item-of-table ${place} \`${name}\` is read, and the rows of \`triage\` are those of a table, which have columns → Name the column: \`row.${column}\`.`;
    expect(
      problems(
        message,
        tickets,
        sheet(
          "rows: tickets\nwith: { message: =item.text }",
          fence("template own", "{{ item }}"),
          fence("js code", "return index"),
          fence("retrieve found", "from: tickets\nquery: =row.text\nfilter: =item.text != row.text"),
        ),
      ).map((line) => line.slice(6)),
    ).toEqual([told("item", "triage 15:19+4", "text"), told("index", "code 21:8+5"), told("item", "own 18:4+4")]);
    // A formula has the columns of its rows by their names.
    expect(
      problems("", fence("data tickets", "item,index\na,1"), sheet("rows: tickets", fence("formula own", "item"))),
    ).toEqual([]);
  });

  test("reads no row where it says which rows there are", () => {
    expect(problems("", sheet("rows: =[row.text, item]")).map((line) => line.slice(6))).toEqual([
      "sheet.rows-on-row triage 7:9+3 `rows` of `triage` reads `row`, and there are no rows before it says which → Read a cell or an input.",
      "sheet.rows-on-row triage 7:19+4 `rows` of `triage` reads `item`, and there are no rows before it says which → Read a cell or an input.",
    ]);
    expect(problems("", sheet("rows: [a]\nwhen: =item"))[0]).toMatch(
      /^error sheet\.condition-on-row triage .* `when` of `triage` reads `item`/,
    );
    expect(problems("", sheet("rows: =nothing | list"))).toEqual([
      "error graph.unknown-name triage 7:8+7 there is no input or cell `nothing` → There are: triage.",
    ]);
  });

  test("that stands nowhere is no list: outside there is neither `item` nor `index`", () => {
    expect(problems("", fence("template a", "{{ item }}"), sheet("rows: [a]"))).toEqual([
      "error graph.unknown-name a 6:4+4 there is no input or cell `item` → There are: a, triage.",
    ]);
  });

  test("binds inputs that are there", () => {
    expect(problems(message, tickets, sheet("rows: tickets\nwith: { mesage: =row.text }"))).toEqual([
      "error graph.unknown-name triage 15:17+9 there is no input `mesage` → Did you mean `message`?",
    ]);
  });

  test("has columns that are cells, and differ from row to row", () => {
    expect(
      problems(
        message,
        tickets,
        fence("template shared", "1"),
        fence("template own", "{{ message }}"),
        sheet("rows: tickets\nwith: { message: =row.text }\ncolumns: [own, shared, shard, 3]"),
      ),
    ).toEqual([
      "error sheet.same-in-every-row triage 24:16+6 `shared` does not depend on the rows of `triage`, so it is no column → Bind an input it reads under `with:`, or take it out of `columns`.",
      "error graph.unknown-name triage 24:24+5 there is no input or cell `shard` → Did you mean `shared`?",
    ]);
  });

  test("stands in no other sheet's rows, with cells in it or without, and the others there are computed", () => {
    const told =
      "error graph.nested-sheet inner 14:1+14 the sheet `inner` stands in the rows of `triage` → A sheet within a sheet's rows is not there yet: put it beside, and join the two in SQL.";
    const beside = fence("template beside", "1");
    for (const cells of ["", fence("template own", "{{ row.text }}")]) {
      const inner = `~~~sheet inner\n---\nrows: tickets\n---\n${cells}\n~~~`;
      const graph = graphOf("", tickets, sheet("rows: tickets", inner, beside));
      expect(problems("", tickets, sheet("rows: tickets", inner, beside)), cells).toEqual([told]);
      expect(nodeOf(graph, "triage.inner").blocked?.code).toBe("graph.nested-sheet");
      expect(nodeOf(graph, "triage.beside").blocked).toBeNull();
    }
  });

  test("has no wordings: they are told at the second, and none of them is computed", () => {
    const one = fence("sheet triage.one", `---\nrows: tickets\n---\n${fence("template own", "{{ row.text }}")}`);
    const two = fence("sheet triage.two", `---\nrows: tickets\n---\n${fence("template other", "{{ row.text }}")}`);
    expect(problems("", tickets, one, two)).toEqual([
      "error graph.sheet-wordings triage 19:1+20 `triage.one` and `triage.two` are wordings of a sheet, which has none → Give each sheet a name of its own, or make wordings of the cells in one.",
    ]);
    expect(nodeOf(graphOf("", tickets, one, two), "triage").blocked?.code).toBe("graph.sheet-wordings");
    expect(problems("", tickets, one)).toEqual([]);
  });
});

describe("what the parser has told at its place only blocks", () => {
  test("an unknown kind", () => {
    const graph = graphOf("", fence("python a", "1"));
    expect(graph.diagnostics).toEqual([]);
    expect(nodeOf(graph, "a").blocked).toMatchObject({
      message: "no kind of cell `python` is known here",
      cure: "The cell is kept as it is; open it with a release that knows the kind.",
      position: { line: 5, column: 1 },
    });
  });

  test("a name that is taken twice, also by a wording without a label", () => {
    const graph = graphOf("", fence("prompt a.short", "1"), fence("prompt a", "2"), fence("prompt b.x", "3"));
    expect(graph.diagnostics).toEqual([]);
    expect(nodeOf(graph, "a").blocked).toMatchObject({
      code: "graph.duplicate",
      message: "2 cells are called `a`",
      cure: "Rename one, or make them wordings of one cell: `a.short`, `a.long`.",
    });
    // A label that is none would be an address's.
    expect(nodeOf(graph, "a").axes).toEqual([]);
    expect(nodeOf(graph, "b").blocked).toBeNull();
  });
});

describe("the front matter", () => {
  test("names outputs that are cells at the top", () => {
    const nested = sheet("rows: tickets", fence("template own", "{{ row.text }}"));
    expect(
      problems("outputs: [tickts, own, triage.own, xyzzy, tickets]\n", tickets, nested).map((line) => line.slice(6)),
    ).toEqual([
      "graph.unknown-output - 3:11+6 there is no cell `tickts` for an output → Did you mean `tickets`?",
      "graph.output-of-a-row - 3:19+3 the output `own` depends on the row of `triage` → An output is one value: name `triage`, or a cell outside that sums it up.",
      "graph.output-of-a-row - 3:24+10 the output `triage.own` depends on the row of `triage` → An output is one value: name `triage`, or a cell outside that sums it up.",
      "graph.unknown-output - 3:36+5 there is no cell `xyzzy` for an output → Cells are tickets, triage.",
    ]);
    expect(problems("outputs: [tickets, tickets, [x], nowhere]\n", tickets)).toEqual([
      "error graph.unknown-output - 3:34+7 there is no cell `nowhere` for an output → Cells are tickets.",
    ]);
    expect(graphOf("outputs: [tickets, tickets]\n", tickets).front.outputs).toEqual(["tickets"]);
    expect(problems("outputs: [a]\n")).toEqual([
      "error graph.unknown-output - 3:11+1 there is no cell `a` for an output → Cells are none yet.",
    ]);
  });

  test("chooses labels that are there", () => {
    const shots = fence("template b", "---\nvary: { shots: [0], tone: [a] }\n---\n{{ vary.shots }} {{ vary.tone }}");
    expect(problems("choose: { model: small, shots: 7, tine: x }\n", topic, shots)).toEqual([
      "warning graph.unknown-choice - 3:32+1 `choose` names the shots 7, and there is none → There are: 0.",
      "warning graph.unknown-choice - 3:41+1 `choose` names the axis `tine`, and no cell has it → Axes are model, shots, tone.",
    ]);
    expect(problems("choose: { model: small }\n", fence("template a", "1"))).toEqual([
      "warning graph.unknown-choice - 3:18+5 `choose` names the axis `model`, and no cell has it → No cell varies anything.",
    ]);
  });
});
