import { describe, expect, test } from "vitest";
import { bodyLanguage } from "./body-language.ts";
import { bodyReferences } from "./body-references.ts";
import { cellReferences } from "./cell-references.ts";
import { cellsOf } from "./cells-of.ts";
import { configurationReferences } from "./configuration-references.ts";
import { expressionsOf, literalField, literalText } from "./expressions-of.ts";
import { parseNotebook } from "./format.ts";
import type { Reference } from "./reference.ts";
import type { SqlAnalysis } from "./sql-analysis.ts";

const head = "---\nsheaf: 1\n---\n";
const none = { sql: () => undefined };

function cell(info: string, body: string) {
  return parseNotebook(`${head}\`\`\`${info}\n${body}\n\`\`\`\n`).cells[0]!;
}

/** References as `name.path@offset`, with what else is special about them. */
function spelled({ name, path, at, tolerant, meta, aggregated, position, field }: Reference): string {
  const marks = [
    at === null ? "" : `at ${JSON.stringify(at)}`,
    tolerant ? "tolerant" : "",
    meta ? "meta" : "",
    aggregated === true ? "aggregated" : "",
    field ?? "",
  ];
  return [
    `${[name, ...path].join(".")}@${position.offset}+${position.length}`,
    ...marks.filter((mark) => mark !== ""),
  ].join(" ");
}

const body = (info: string, source: string, sql?: SqlAnalysis): string[] =>
  bodyReferences(cell(info, source), { sql: () => sql }).references.map(spelled);

describe("a body reads", () => {
  test("in a template and in messages what its expressions read", () => {
    expect(body("template a", "{% for x in hits %}{{ x.text ~ row.y }}{% endfor %}{{ b or 1 }}")).toEqual([
      "hits@12+4",
      "row.y@31+3",
      "b@54+1 tolerant",
    ]);
    expect(body("prompt a", "system:\nHi\nmessages: =history\nuser:\n{{ message }}")).toEqual([
      "history@22+7",
      "message@39+7",
    ]);
  });

  test("in a test what its lines read, with comments and blank lines between", () => {
    expect(body("test a", '# topic\n  mean(s.c.at(m="x")) > 1\n\ntopic == 2')).toEqual([
      's.c@15+1 at {"m":"x"} aggregated',
      "topic@35+5",
    ]);
  });

  test("in a score what the expressions among its checks read", () => {
    expect(body("score a", '- equals\n- contains: =row.must\n- regex: "=pattern" # =x\n')).toEqual([
      "row.must@22+3",
      "pattern@42+7",
    ]);
    expect(body("score a", "")).toEqual([]);
  });

  test("in a score what the code among its checks reads, in quotes and blocks too", () => {
    const checks = `- code: te.length > 1 // =x\n- { not-code: "other === 'x'" }\n- code: |\n    const y = 1\n    return row.z + y\n- code: "=late"\n- code: =soon\n- contains: te\n- code: te +\n`;
    expect(body("score a", checks)).toEqual(
      ["late", "soon", "te.length", "other", "row.z"].map((path) => {
        const [name = ""] = path.split(".");
        return `${path}@${checks.indexOf(path)}+${name.length}`;
      }),
    );
  });

  test("in a score with code or a judge what that reads", () => {
    expect(body("score a", "---\nlanguage: js\n---\nreturn output === expected")).toEqual([
      "output@7+6",
      "expected@18+8",
    ]);
    expect(body("score a", "---\njudge: big\n---\nIs {{ topic }} right?")).toEqual(["topic@6+5"]);
  });

  test("in JavaScript the free names that JavaScript does not give itself", () => {
    expect(
      body(
        "js a",
        "const x = topic.text.length; for (const t of triage.correct.map((y) => y + k)) Math.max(t, row[0], undefined);\nreturn `${JSON.stringify(vary.m)}`",
      ),
    ).toEqual(["topic.text.length@10+5", "triage.correct@45+6", "k@75+1", "row@91+3", "vary.m@136+4"]);
    expect(body("js a", "topic = 1; const f = (a: known): string => b as string; enum E { x } return E.x")).toEqual([
      "b@43+1",
    ]);
    expect(body("js a", "await topic; return { known, m: 1 }?.known")).toEqual(["topic@6+5", "known@22+5"]);
  });

  test("in SQL the tables and parameters its analysis has, and files by their whole name", () => {
    const at = (offset: number, length: number) => ({ line: 1, column: offset + 1, offset, length });
    const analysis: SqlAnalysis = {
      ok: true,
      tables: [
        { parts: ["triage", "correct"], position: at(5, 14) },
        { parts: ["banking77/train.csv"], position: at(24, 21) },
      ],
      qualifiers: [{ parts: ["correct", "score"], position: at(50, 3) }],
      parameters: [{ parts: ["message"], position: at(60, 8) }],
      columns: [{ parts: ["price", "amount"], position: at(70, 5) }],
      defines: [],
      unplaced: [],
      volatile: [],
    };
    const source = `${"x".repeat(60)}$message ${"x".repeat(10)}`;
    expect(body("sql a", source, analysis)).toEqual([
      "triage.correct@5+14",
      "banking77/train.csv@24+21",
      "message@61+7",
    ]);
    expect(body("formula a", source, analysis)).toEqual([
      "triage.correct@5+14",
      "banking77/train.csv@24+21",
      "price.amount@70+5",
      "message@61+7",
    ]);
    expect(body("sql a", source)).toEqual([]);
  });

  test("nothing in data, in kinds without a body, in sheets and in unknown cells", () => {
    for (const info of ["data a", "retrieve a", "label a", "chart a", "sheet a", "acme/tool a"])
      expect(body(info, "k: =topic")).toEqual([]);
  });

  test("in a language that its kind and configuration decide", () => {
    const language = (info: string, source = ""): string => bodyLanguage(cell(info, source));
    expect(
      [
        "data",
        "sql",
        "formula",
        "template",
        "js",
        "prompt",
        "retrieve",
        "sheet",
        "score",
        "label",
        "test",
        "chart",
        "loop",
      ].map((kind) => language(`${kind} a`)),
    ).toEqual([
      "data",
      "sql",
      "expression-sql",
      "template",
      "javascript",
      "messages",
      "none",
      "cells",
      "checks",
      "none",
      "expressions",
      "none",
      "none",
    ]);
    expect(language("prompt a", "---\ncompletion: true\n---")).toBe("template");
    expect(language("score a", "---\nlanguage: ts\n---")).toBe("javascript");
    expect(language("score a", "---\njudge: { model: big }\n---")).toBe("messages");
  });
});

describe("what keeps the references of a body from being known", () => {
  test.each([
    ["template a", "Hi\n{{ topic", "language.syntax", 2],
    ["test a", "1 == 1\n\ntopic +", "language.syntax", 3],
    ["score a", "- a: [\n", "notebook.yaml", 1],
    ["score a", "- a\n- b: =topic +", "language.syntax", 2],
    ["js a", "const a = 1\nreturn (", "javascript.syntax", 2],
  ])("is a problem of %s with its line", (info, source, code, line) => {
    const { problems } = bodyReferences(cell(info, source), none);
    expect(
      problems.map((problem) => [problem.severity, problem.code, problem.position.line, typeof problem.cure]),
    ).toEqual([["error", code, line, "string"]]);
  });

  test("is the error of the SQL parser", () => {
    const position = { line: 1, column: 3, offset: 2, length: 4 };
    const { references, problems } = bodyReferences(cell("sql a", "a bcde"), {
      sql: () => ({ ok: false, message: "syntax error", position }),
    });
    expect(references).toEqual([]);
    expect(problems).toEqual([
      {
        severity: "error",
        code: "sql.syntax",
        message: "syntax error",
        cure: "Correct the SQL here.",
        position,
      },
    ]);
  });

  test("is told with the words and the place of the JavaScript parser", () => {
    const { problems } = bodyReferences(cell("js a", "let x = 1;\nlet x = 2;"), none);
    expect(problems).toEqual([
      {
        severity: "error",
        code: "javascript.syntax",
        message: "Identifier 'x' has already been declared",
        cure: "Correct the code here: it is the body of a function, in JavaScript or TypeScript.",
        position: { line: 2, column: 5, offset: 15, length: 0 },
      },
    ]);
  });
});

describe("a configuration reads", () => {
  const fields = (info: string, yaml: string): string[] =>
    configurationReferences(cell(info, `---\n${yaml}\n---`)).references.map(spelled);

  test("what its values that begin with `=` read", () => {
    expect(fields("prompt a", "when: =row.ok and b\nvary: { t: [ =c, '=d' ] }\nx: a = b")).toEqual([
      "row.ok@0+3 when",
      "b@11+1 when",
      "c@0+1 vary.t.0",
      "d@0+1 vary.t.1",
    ]);
  });

  test("the cells that some fields name as they are", () => {
    expect(fields("retrieve a", "from: known\ntext: body\nafter: [b, c.d]")).toEqual([
      "b@0+1 after.0",
      "c.d@0+1 after.1",
      "known@0+5 from",
    ]);
    expect(fields("sheet a", "rows: tickets\ncolumns: [b, c]\nreads: d")).toEqual([
      "d@0+1 reads",
      "tickets@0+7 rows",
      "b@0+1 columns.0",
      "c@0+1 columns.1",
    ]);
    expect(fields("chart a", "data: triage.correct\nx: model")).toEqual(["triage.correct@0+6 data"]);
    expect(fields("chart a", "data: triage.json_text")).toEqual(["triage.json_text@0+6 data"]);
  });

  test("no paths of files, no other texts, and nothing in unknown cells", () => {
    expect(fields("retrieve a", "from: banking77/train.csv")).toEqual([]);
    expect(fields("sheet a", "rows: train.csv")).toEqual([]);
    expect(fields("sheet a", "rows: 3\ncolumns: [1]\nafter: { b: c }")).toEqual([]);
    expect(fields("retrieve a", "from: my-known\nafter: [1a, b c, d.]")).toEqual([]);
    expect(fields("js a", "from: known\ndata: known")).toEqual([]);
    expect(configurationReferences(cell("loop a", "---\nafter: b\nwhen: =c\n---")).references).toEqual([]);
  });
});

describe("all references of a cell", () => {
  const text = `${head}\r\n  \`\`\`prompt a\r\n  ---\r\n  when: "=b.c"\r\n  optional: [d, s.t]\r\n  after: e\r\n  ---\r\n  x\r\n   {{ d }} {{ s.t }} {{ s.u }}\r\n  \`\`\`\r\n`;
  const all = (source: string): { references: readonly Reference[]; text: string } => ({
    references: cellReferences(source, parseNotebook(source).cells[0]!, none).references,
    text: source,
  });

  test("have their places in the file", () => {
    for (const { name, position } of all(text).references) {
      expect(text.slice(position.offset, position.offset + position.length)).toBe(name);
      const lines = text.split(/\r?\n/);
      expect(lines[position.line - 1]!.slice(position.column - 1).startsWith(name)).toBe(true);
    }
    expect(all(text).references.map(({ name, field }) => [name, field])).toEqual([
      ["b", "when"],
      ["e", "after"],
      ["d", null],
      ["s", null],
      ["s", null],
    ]);
  });

  test("have their places behind the sign of a field, in lines and behind a comment too", () => {
    const fielded = `${head}\`\`\`js a\n---\nwhen: "=row.b and cc"\nx: | # y = z\n  =dd and\n\n  (ee or\n    gg)\n\nw: >+ # y = z\n  =ff\n\n---\n\`\`\`\n`;
    const found = all(fielded).references.map(({ name, position }) => [
      name,
      fielded.slice(position.offset, position.offset + position.length),
    ]);
    expect(found.map(([name]) => name)).toEqual(["row", "cc", "dd", "ee", "gg", "ff"]);
    for (const [name, read] of found) expect(read).toBe(name);
    const indented = `${head}  ${fielded.slice(head.length).replaceAll("\n", "\r\n  ")}`;
    for (const { name, position } of all(indented).references)
      expect(indented.slice(position.offset, position.offset + position.length)).toBe(name);
  });

  test("are tolerant where `optional` lists them", () => {
    expect(all(text).references.map(({ name, path, tolerant }) => [[name, ...path].join("."), tolerant])).toEqual([
      ["b.c", false],
      ["e", false],
      ["d", true],
      ["s.t", true],
      ["s.u", false],
    ]);
    expect(all(text.replace("[d, s.t]", "D")).references.map(({ tolerant }) => tolerant)).toEqual([
      false,
      false,
      true,
      false,
      false,
    ]);
  });

  test("come with problems at their places in the file, by cell", () => {
    const broken = text.replace("=b.c", "=b +").replace("{{ s.u }}", "{{ s");
    const { problems } = cellReferences(broken, parseNotebook(broken).cells[0]!, none);
    expect(problems.map(({ cell, code, position }) => [cell, code, position.line])).toEqual([
      ["a", "language.syntax", 7],
      ["a", "language.syntax", 12],
    ]);
    expect(problems[0]).not.toHaveProperty("field");
  });

  test("are found in a sheet's own cells as well", () => {
    const nested = `${head}~~~~sheet s\n~~~score c\n---\noutput: =topic\n---\n- contains: =row.must\n~~~\n~~~~\n`;
    const [, inner] = cellsOf(parseNotebook(nested));
    const { references } = cellReferences(nested, inner!.cell, none);
    expect(
      references.map(({ name, position }) => [name, nested.slice(position.offset, position.offset + position.length)]),
    ).toEqual([
      ["topic", "topic"],
      ["row", "row"],
    ]);
  });
});

describe("a value that begins with `=`", () => {
  test("is an expression in any field, with the place behind the sign", () => {
    const text = `${head}\`\`\`js a\n---\nb: =c\nd: { e: ["=f", '=g'] }\nh: |\n  =i\nj: x=y\nk: &k =l\nm: *k\nn: =o\n---\n\`\`\`\n`;
    const found = expressionsOf(parseNotebook(text).cells[0]!.configuration);
    expect(found.map(({ path, source }) => [path, source])).toEqual([
      ["b", "c"],
      ["d.e.0", "f"],
      ["d.e.1", "g"],
      ["h", "i\n"],
      ["k", "l"],
      ["m", "l"],
      ["n", "o"],
    ]);
    expect(
      found.slice(0, 5).map(({ position }) => text.slice(position.offset, position.offset + position.length).trim()),
    ).toEqual(["c", "f", "g", "i", "l"]);
    expect(found.map(({ position }) => position.line)).toEqual([6, 7, 7, 9, 11, 12, 13]);
    expect(found[5]!.position.length).toBe("*k".length);
  });

  test("is text behind a backslash", () => {
    expect(["\\=a", "\\\\=a", "\\a", "a", "=a", ""].map(literalText)).toEqual(["=a", "\\=a", "\\a", "a", "=a", ""]);
    for (const text of ["=a", "\\=a", "\\\\=", "a=", "\\", ""]) {
      expect(literalText(literalField(text))).toBe(text);
      expect(literalField(text).startsWith("=")).toBe(false);
    }
  });
});
