import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyOperation } from "./apply-operation.ts";
import type { Cell } from "./notebook.ts";
import type { SqlAnalysis, SqlName } from "./sql-analysis.ts";

/** The analysis of a cell's SQL as DuckDB's parser would give it: each `§…§` in `marked` is a name, by what it is. */
function analysed(marked: {
  readonly tables?: readonly string[];
  readonly qualifiers?: readonly string[];
  readonly parameters?: readonly string[];
  readonly columns?: readonly string[];
}) {
  return (source: string): SqlAnalysis => {
    const name = (written: string): SqlName => {
      const offset = source.indexOf(written);
      if (offset === -1) throw new Error(`${written} is not in ${source}`);
      const parts = written
        .replace(/^\$/, "")
        .split(".")
        .map((part) => part.replace(/^["']|["']$/g, ""));
      return { parts, position: { line: 1, column: offset + 1, offset, length: written.length } };
    };
    const all = (names: readonly string[] = []): SqlName[] => names.map(name);
    const tables = all(marked.tables).map(({ parts }) => parts);
    const origin = { table: null, row: null, at: 0, mayBeOf: tables, isOutput: false };
    return {
      ok: true,
      tables: all(marked.tables),
      qualifiers: all(marked.qualifiers),
      parameters: all(marked.parameters),
      columns: all(marked.columns).map((name) => ({ ...name, origin })),
      defines: [],
      unplaced: [],
      volatile: [],
    };
  };
}

function rename(
  text: string,
  cell: string,
  to: string,
  sql: (cell: Cell) => SqlAnalysis | undefined = () => undefined,
) {
  return applyOperation(text, { type: "rename", cell, to }, { sql });
}

const head = "---\nsheaf: 1\n---\n";
const fence = (info: string, body: string): string => `\`\`\`${info}\n${body}\n\`\`\`\n`;
const topic = fence("js topic", "return 1");
const body = (info: string, source: string, sql?: (source: string) => SqlAnalysis): string => {
  const text = head + topic + fence(info, source);
  const after = rename(text, "topic", "answer", sql === undefined ? undefined : (cell) => sql(cell.source)).text;
  expect(after.startsWith(head + fence("js answer", "return 1"))).toBe(true);
  return after.slice((head + fence("js answer", "return 1") + `\`\`\`${info}\n`).length, -"\n```\n".length);
};

const example = `---
sheaf: 1
title: topic
inputs:
  message: { type: string, default: "topic" } # message
outputs: [topic, triage.topic, "gate"]
choose: { model: topic }
---

# topic and message

~~~prompt topic
---
vary: { topic: [topic] }
optional: [message]
---
user:
{{ message }} {# message #} topic
~~~

~~~~sheet triage
---
rows: topic
with: { message: =row.message, other: =topic ~ row.topic }
columns: [topic, 'correct']
---
~~~score correct
---
output: =topic
expected: "=row.message"
---
- contains: =topic.text
- equals
~~~
~~~js nested
return correct + triage.correct + topic
~~~
~~~~

~~~test gate
# topic
mean(triage.topic) > mean(triage.correct.at(topic="topic"))

topic == "topic"
~~~
`;

describe("rename", () => {
  test("of a cell reaches every reference and nothing else", () => {
    const { text, warnings } = rename(example, "topic", "answer");
    expect(warnings).toEqual([]);
    expect(text).toBe(
      example
        .replace("outputs: [topic, triage.topic,", "outputs: [answer, triage.answer,")
        .replace("~~~prompt topic", "~~~prompt answer")
        .replace("rows: topic", "rows: answer")
        .replace("=topic ~ row.topic", "=answer ~ row.topic")
        .replace("columns: [topic,", "columns: [answer,")
        .replace("output: =topic", "output: =answer")
        .replace("=topic.text", "=answer.text")
        .replace("triage.correct + topic", "triage.correct + answer")
        .replace("mean(triage.topic)", "mean(triage.answer)")
        .replace('\ntopic == "topic"', '\nanswer == "topic"'),
    );
  });

  test("of a sheet or its column reaches the rows of another sheet", () => {
    const below = `${example}\n~~~sheet more\n---\nrows: triage.correct\n---\n~~~\n\n~~~sheet warm\n---\nrows: =triage.topic.at(tone="a")\n---\n~~~\n`;
    const sheet = rename(below, "triage", "routing").text;
    expect(sheet).toContain("rows: routing.correct");
    expect(sheet).toContain('rows: =routing.topic.at(tone="a")');
    expect(rename(below, "topic", "answer").text).toContain('rows: =triage.answer.at(tone="a")');
  });

  test("is refused of an input, and told of a cell, where the front matter has an error", () => {
    const text =
      "---\nsheaf: 1\ninputs:\n  tries: { type: number }\noutputs: [topic]\nchoose: { shots: [0 }\n---\n~~~template topic\n{{ tries }}\n~~~\n";
    expect(() => rename(text, "tries", "attempts")).toThrow(
      expect.objectContaining({
        message: "the front matter has an error, so the rename does not reach into it",
        cure: "Correct the front matter first.",
      }),
    );
    const renamed = rename(text, "topic", "answer");
    expect(renamed.text).toBe(text.replace("template topic", "template answer"));
    expect(renamed.warnings).toEqual([
      expect.objectContaining({
        severity: "warning",
        message: "the front matter has an error, so the rename does not reach into it",
        cure: "Correct it and change the name there by hand.",
        position: expect.objectContaining({ line: 1 }) as unknown,
      }),
    ]);
  });

  test("to a name that another cell reads as what may be missing, or as a table, says so", () => {
    const text =
      "---\nsheaf: 1\n---\n~~~js topic\n~~~\n~~~template a\n{{ extra | default('none') }}\n~~~\n~~~template b\n{{ other }}\n~~~\n";
    expect(rename(text, "topic", "extra").warnings).toEqual([
      expect.objectContaining({
        cell: "a",
        code: "operation.not-followed",
        message: "`a` reads `extra`, which is the renamed one from now on",
      }),
    ]);
    // That is what the rename is for.
    expect(rename(text, "topic", "other").warnings).toEqual([]);
  });

  test("of an input reaches its declaration, what reads it and the keys that bind it", () => {
    expect(rename(example, "message", "question").text).toBe(
      example
        .replace("  message: {", "  question: {")
        .replace("optional: [message]", "optional: [question]")
        .replace("{{ message }}", "{{ question }}")
        .replace("with: { message: =row.message", "with: { question: =row.message"),
    );
  });

  test("of an input reaches fields that are read before anything is computed", () => {
    const text =
      "---\nsheaf: 1\ninputs: { n: number }\ntitle: =n\nchoose: { repeat: =n }\n---\n~~~template a\n---\nrepeat: =n + 1\nvary: { k: [=n, 2] }\n---\nn\n~~~\n";
    expect(rename(text, "n", "many").text).toBe(text.replaceAll(/=n\b/g, "=many").replace("{ n:", "{ many:"));
  });

  test("reaches code whose language is an expression", () => {
    const text = `${head}${topic}${fence("score good", "---\nlanguage: =code\noutput: =topic\n---\nreturn topic.length")}`;
    expect(rename(text, "topic", "answer").text).toContain("output: =answer\n---\nreturn answer.length");
  });

  test("of what gives a sheet its list reaches that, and no text that stands in a list", () => {
    const over = (rows: string): string => head + topic + fence("sheet all", `---\nrows: ${rows}\n---`);
    const after = (rows: string): string =>
      rename(over(rows), "topic", "answer").text.split("rows: ")[1]!.split("\n")[0]!;
    expect(after("topic.list")).toBe("answer.list");
    expect(after("=topic.list[1:]")).toBe("=answer.list[1:]");
    expect(after('[topic, "=topic"]')).toBe('[topic, "=answer"]');
  });

  test("of a sheet reaches the paths through it", () => {
    const rows = "---\nsheaf: 1\ninputs: { given: table }\n---\n````sheet all\n---\nrows: given\n---\n````\n";
    expect(rename(rows, "given", "calls").text).toBe(rows.replaceAll("given", "calls"));
    expect(rename(example, "triage", "sorted").text).toBe(
      example
        .replace('triage.topic, "gate"', 'sorted.topic, "gate"')
        .replace("sheet triage", "sheet sorted")
        .replace("+ triage.correct +", "+ sorted.correct +")
        .replace("mean(triage.topic) > mean(triage.correct", "mean(sorted.topic) > mean(sorted.correct"),
    );
  });

  test("of a sheet's own cell is by its bare name inside and by its path everywhere", () => {
    expect(rename(example, "triage.correct", "right").text).toBe(
      example
        .replace("'correct']", "'right']")
        .replace("score correct", "score right")
        .replace("return correct + triage.correct", "return right + triage.right")
        .replace("mean(triage.correct.at", "mean(triage.right.at"),
    );
  });

  test("there and back gives the text back", () => {
    for (const path of ["topic", "message", "triage", "triage.correct", "triage.nested", "gate"]) {
      const there = rename(example, path, "fresh_name").text;
      const name = path.split(".").at(-1)!;
      expect(rename(there, path.replace(/[a-z]+$/, "fresh_name"), name).text).toBe(example);
    }
  });

  test("takes all wordings of a name together and keeps their labels", () => {
    const text = head + fence("js topic.short", "1") + fence("template topic.long", "{{ topic }}");
    expect(rename(text, "topic", "answer").text).toBe(
      head + fence("js answer.short", "1") + fence("template answer.long", "{{ answer }}"),
    );
    expect(() => rename(text, "topic.short", "answer")).toThrow(
      expect.objectContaining({
        code: "operation.ambiguous",
        message: "`topic.short` is one wording, and wordings are renamed together",
        cure: "Rename `topic`.",
      }),
    );
  });

  test("may change the case alone, and to the same name changes nothing", () => {
    expect(rename(head + topic, "topic", "Topic").text).toBe(head + fence("js Topic", "return 1"));
    expect(rename(head + topic, "topic", "topic").edits).toEqual([]);
  });

  test.each([
    [
      "1st",
      "operation.name",
      "`1st` cannot be the name of a cell",
      "Use letters, digits and `_`, and no digit first: `_1st`.",
    ],
    [
      "row",
      "operation.name",
      "`row` is a reserved word and cannot be the name of a cell",
      "Choose another name, such as `row_1`.",
    ],
    [
      "Select",
      "operation.name",
      "`Select` is a reserved word and cannot be the name of a cell",
      "Choose another name, such as `Select_1`.",
    ],
    ["GATE", "operation.name-taken", "`gate` at line 40 has this name already", "Choose another name."],
    ["message", "operation.name-taken", "`message` at line 5 has this name already", "Choose another name."],
    ["correct", "operation.name-taken", "`correct` at line 27 has this name already", "Choose another name."],
  ])("to %s is refused", (to, code, message, cure) => {
    expect(() => rename(example, "topic", to)).toThrow(expect.objectContaining({ code, message, cure }));
  });

  test("of one of two things with a name is refused", () => {
    expect(() => rename(head + topic + topic, "topic", "x")).toThrow(
      expect.objectContaining({
        code: "operation.ambiguous",
        message: "`topic` names 2 things",
        cure: "Rename all but one in the text first.",
      }),
    );
    expect(() => rename("---\nsheaf: 1\ninputs: { topic: string }\n---\n" + topic, "topic", "x")).toThrow(
      expect.objectContaining({ code: "operation.ambiguous" }),
    );
  });

  test("keeps line ends and indentation of the file", () => {
    const text = "---\r\nsheaf: 1\r\n---\r\n```js a\r\n```\r\n  ```template b\r\n  x\r\n   {{ a }} {{ a }}\r\n  ```";
    expect(rename(text, "a", "longer").text).toBe(
      text.replace("js a", "js longer").replace("{{ a }} {{ a }}", "{{ longer }} {{ longer }}"),
    );
  });

  test("follows expressions in every style of YAML", () => {
    const yaml = (name: string): string =>
      `a: =${name} # topic\nb: "=${name}"\nc: '=${name}'\nd: |\n  =${name} ~\n    ${name}\ne: >-\n  =${name}\n    + ${name}\nj: =${name}\n  + ${name}\nk: '=${name} + "it''s"'\nf: [=${name}.x, { g: =row.topic }]\nh: "=\\u0074opic"\ni: 'it''s topic'\n`;
    const text = (name: string, last: string): string =>
      `${head}\`\`\`js ${name}\n\`\`\`\n\`\`\`js z\n---\n${yaml(name).replace('"=\\u0074opic"', last)}---\n\`\`\`\n`;
    expect(rename(text("topic", '"=\\u0074opic"'), "topic", "answer").text).toBe(text("answer", '"=answer"'));
  });

  test("leaves what does not parse, and says so", () => {
    const text =
      head +
      topic +
      fence("template broken", "{{ topic") +
      fence("js wrong", "topic (") +
      fence("sql unread", "from topic") +
      "```js yaml\n---\na: [=topic\n---\n```\n" +
      "```js field\n---\nwhen: =topic +\n---\n```\n";
    const { text: after, warnings } = rename(text, "topic", "answer");
    expect(after).toBe(text.replace("js topic", "js answer"));
    expect(
      warnings.map(({ severity, code, message, cure, cell, position }) => [
        severity,
        code,
        message.split(": ")[0],
        cure,
        cell,
        position.line,
      ]),
    ).toEqual([
      [
        "warning",
        "operation.not-followed",
        "`broken` has an error, so the rename does not reach into it",
        "Correct it and change the name there by hand.",
        "broken",
        7,
      ],
      [
        "warning",
        "operation.not-followed",
        "`wrong` has an error, so the rename does not reach into it",
        "Correct it and change the name there by hand.",
        "wrong",
        10,
      ],
      [
        "warning",
        "operation.not-followed",
        "the SQL of `unread` has not been read yet; the rename does not reach into it",
        "Change the name there by hand.",
        "unread",
        13,
      ],
      [
        "warning",
        "operation.not-followed",
        "the configuration of `yaml` has an error, so the rename does not reach into it",
        "Correct it and change the name there by hand.",
        "yaml",
        16,
      ],
      [
        "warning",
        "operation.not-followed",
        "`field` has an error, so the rename does not reach into it",
        "Correct it and change the name there by hand.",
        "field",
        21,
      ],
    ]);
  });

  test("says nothing of a broken text that does not mention the name", () => {
    expect(
      rename(
        head + topic + fence("template broken", "{{ other") + fence("sql unread", "from topics"),
        "topic",
        "answer",
      ).warnings,
    ).toEqual([]);
  });
});

describe("rename in a template", () => {
  test("leaves bound names, strings, comments, attributes and raw text", () => {
    expect(
      body(
        "template t",
        "{% for topic in topic.x %}{{ topic }}{% endfor %}{{ topic ~ 'topic' ~ x.topic }}{# topic #}{% raw %}{{ topic }}{% endraw %}",
      ),
    ).toBe(
      "{% for topic in answer.x %}{{ topic }}{% endfor %}{{ answer ~ 'topic' ~ x.topic }}{# topic #}{% raw %}{{ topic }}{% endraw %}",
    );
  });

  test("is refused where the new name would be captured", () => {
    expect(() => body("template t", "{% for answer in x %}{{ topic }}{% endfor %}")).toThrow(
      expect.objectContaining({ code: "operation.would-capture" }),
    );
  });
});

describe("rename in JavaScript", () => {
  test.each([
    ["free names", "return topic + topic.length", "return answer + answer.length"],
    ["a shorthand, whose key stays", "return { topic, x: topic }", "return { topic: answer, x: answer }"],
    [
      "no strings, comments, keys or attributes",
      "return { topic: 'topic', x: y.topic } // topic",
      "return { topic: 'topic', x: y.topic } // topic",
    ],
    ["no template text but its expressions", "return `topic ${topic}`", "return `topic ${answer}`"],
    [
      "no shadowed names",
      "const f = (topic) => topic; { let topic = 1; x(topic) } return topic",
      "const f = (topic) => topic; { let topic = 1; x(topic) } return answer",
    ],
    ["no name the body declares later", "return topic; var topic", "return topic; var topic"],
    ["an assignment", "topic = 1; ({ topic } = x); return topic", "answer = 1; ({ topic: answer } = x); return answer"],
    ["a pattern's default", "const { a = topic } = x", "const { a = answer } = x"],
    [
      "TypeScript and none of its types",
      "const x: topic = topic as topic; return x!",
      "const x: topic = answer as topic; return x!",
    ],
    ["no label", "topic: for (;;) break topic; return topic", "topic: for (;;) break topic; return answer"],
  ])("reaches %s", (_, source, expected) => {
    expect(body("js j", source)).toBe(expected);
  });

  test.each([
    ["a declaration around the use", "const f = (answer) => topic + answer"],
    ["another free name", "return topic + answer"],
  ])("is refused where %s has the new name", (_, source) => {
    expect(() => body("js j", source)).toThrow(
      expect.objectContaining({
        code: "operation.would-capture",
        message: "in `j`: `answer` already means something else there",
        cure: "Choose another name, or rename what the code calls so.",
      }),
    );
  });

  test.each(["Math", "eval", "class", "this", "await", "undefined"])(
    "is refused where code could not read the new name, %s",
    (to) => {
      const text = "---\nsheaf: 1\n---\n~~~js topic\n~~~\n~~~js j\nreturn topic\n~~~\n";
      expect(() => rename(text, "topic", to)).toThrow(
        expect.objectContaining({
          message: `in \`j\`: \`${to}\` is JavaScript's own there`,
          cure: "Choose another name.",
        }),
      );
      expect(rename(text.replace("return topic", "return 1"), "topic", to).text).toContain(`js ${to}`);
    },
  );

  test("reaches code among a score's checks, in quotes and blocks too", () => {
    const checks = [
      "- code: topic.length > 1 && output !== 'topic'",
      "- not-code: \"topic == 'it'\"",
      "- name: topic\n  code: |\n    // topic\n    const x = topic\n    return { score: x, topic }",
      "- code: { value: topic > 1 }",
      "- contains: topic",
    ];
    expect(body("score s", checks.join("\n"))).toBe(
      [
        "- code: answer.length > 1 && output !== 'topic'",
        "- not-code: \"answer == 'it'\"",
        "- name: topic\n  code: |\n    // topic\n    const x = answer\n    return { score: x, topic: answer }",
        "- code: { value: answer > 1 }",
        "- contains: topic",
      ].join("\n"),
    );
  });

  test("is allowed where the new name is declared elsewhere", () => {
    expect(body("js j", "const f = (answer) => answer; return topic")).toBe(
      "const f = (answer) => answer; return answer",
    );
  });
});

describe("rename in SQL", () => {
  test.each([
    [
      "tables and columns through them",
      "select topic.x from topic where topic.y = 1",
      { tables: ["topic where"], qualifiers: ["topic.x", "topic.y"] },
      "select answer.x from answer where answer.y = 1",
    ],
    [
      "quoted names, which stay quoted",
      `select 1 from "topic" join 'topic'`,
      { tables: [`"topic"`, `'topic'`] },
      `select 1 from "answer" join 'answer'`,
    ],
    ["names in another case", "from TOPIC", { tables: ["TOPIC"] }, "from answer"],
    ["parameters", "select $topic", { parameters: ["$topic"] }, "select $answer"],
    [
      "nothing that is not in the analysis",
      "with topic as (select 1) from topic t",
      {},
      "with topic as (select 1) from topic t",
    ],
    ["the first part of a path", 'from topic . "x"', { tables: ["topic"] }, 'from answer . "x"'],
  ])("reaches %s", (_, source, marked, expected) => {
    const names = Object.fromEntries(
      Object.entries(marked).map(([key, list]) => [key, (list as string[]).map((name) => name.replace(" where", ""))]),
    );
    const place = (source: string): SqlAnalysis => {
      const analysis = analysed(names)(source);
      // `topic` alone is looked for behind `from`.
      if (!analysis.ok) return analysis;
      const at = (name: SqlName): SqlName => {
        const offset =
          name.parts.length === 1 && source.includes("from topic")
            ? source.indexOf("from topic") + 5
            : name.position.offset;
        return { ...name, position: { ...name.position, offset } };
      };
      return { ...analysis, tables: analysis.tables.map(at) };
    };
    expect(body("sql s", source, place)).toBe(expected);
  });

  test("quotes a name that SQL has another use for", () => {
    const sql = analysed({ tables: ["topic"] });
    const text = head + topic + fence("sql s", "from topic");
    expect(rename(text, "topic", "struct", (cell) => sql(cell.source)).text).toBe(
      head + fence("js struct", "return 1") + fence("sql s", 'from "struct"'),
    );
    expect(rename(text, "topic", "value", (cell) => sql(cell.source)).text).toContain("from value");
  });

  test("reaches the columns of a formula", () => {
    expect(body("formula f", "topic * price", analysed({ columns: ["topic", "price"] }))).toBe("answer * price");
    expect(body("sql f", "select topic", analysed({ columns: ["topic"] }))).toBe("select topic");
  });

  test("reaches a sheet's cell by its path and by its bare name, and warns of columns", () => {
    const sheet = "````sheet triage\n```js correct\n```\n````\n";
    const source = "select correct.score from triage.correct join triage";
    const sql = analysed({ tables: ["triage.correct", "triage"], qualifiers: ["correct.score"], columns: ["correct"] });
    const text = head + sheet + fence("sql s", source);
    const { text: after, warnings } = rename(text, "triage.correct", "right", (cell) => sql(cell.source));
    expect(after).toBe(
      text
        .replace("js correct", "js right")
        .replace(source, "select right.score from triage.right join triage")
        .replace("select right.score", 'select "right".score')
        .replace("triage.right", 'triage."right"'),
    );
    expect(warnings.map(({ message, cure }) => [message, cure])).toEqual([
      [
        "`s` reads a column `correct`, which may be the renamed one of `triage`; it is left as it is",
        "Change the column's name there by hand if it is.",
      ],
    ]);
  });

  test("leaves SQL with an error, and says which", () => {
    const sql = (): SqlAnalysis => ({
      ok: false,
      message: "no table there",
      position: { line: 1, column: 1, offset: 0, length: 0 },
    });
    const { warnings } = rename(head + topic + fence("sql s", "from topic where"), "topic", "answer", sql);
    expect(warnings.map(({ message }) => message)).toEqual([
      "the SQL of `s` has an error: no table there; the rename does not reach into it",
    ]);
  });
});

describe("a rename of a sheet's column", () => {
  const sheet =
    fence("data d", "---\nkey: id\n---\nid,text\n1,a") +
    "\n" +
    "````sheet s\n---\nrows: d\n---\n" +
    fence("template old", "{{ row.text }}!") +
    "````\n\n";
  const over = (rows: string, configuration: string, ...cells: readonly string[]): string =>
    `\`\`\`\`sheet over\n---\nrows: ${rows}\n${configuration}---\n${cells.join("")}\`\`\`\`\n\n`;
  const column = (cells: string, sql?: (source: string) => SqlAnalysis) => {
    const { text, warnings } = rename(head + sheet + cells, "s.old", "new", (cell) => sql?.(cell.source));
    const before = head + sheet.replace("template old", "template new");
    expect(text.slice(0, before.length)).toBe(before);
    return { text: text.slice(before.length), warned: warnings.map(({ cell }) => cell) };
  };

  test("reaches the rows of sheets over it, however far, and what tells and gives them there", () => {
    const cells = [
      fence("template t", "{{ row.old }} {{ row['old'].old }} {{ other.old }}"),
      fence("js j", "return row.old + row['old']"),
      fence("score right", "---\noutput: =row.old\n---\n- contains: =row.old"),
      fence("formula f", "old || item"),
    ];
    const far = fence("template u", "{{ row.old }}");
    for (const rows of ["s", "s.old", "=s.old"]) {
      const text =
        over(rows, "key: old\nwith: { m: =row.old }\n", ...cells) +
        over("over", "", far).replace("sheet over", "sheet third") +
        over("over.t", "key: old\n", far.replace(" u", " v")).replace("sheet over", "sheet fourth");
      const sql = analysed({ columns: ["old", "item"] });
      const after = column(text, sql);
      expect(after.text).toBe(
        text
          .replace("=s.old", "=s.new")
          .replace("rows: s.old", "rows: s.new")
          .replaceAll("key: old", "key: new")
          .replaceAll("row.old", "row.new")
          .replace("{{ row['old'].old", '{{ row["new"].old')
          .replace("row['old']", "row['new']")
          .replace("old || item", "new || item"),
      );
      expect(after.warned).toEqual(["t"]);
    }
  });

  test("reaches the columns that charts and searches over it name", () => {
    const text =
      fence("chart c", "data: s\ntype: bar\nx: old\ny: [id, old]\nseries: old") +
      fence("chart d2", "data: s.old\nx: id\ny: old") +
      fence("retrieve r", "from: s.old\ntext: old\nquery: old\nfilter: =item.old != 'old'") +
      fence("chart e", "data: d\nx: old") +
      fence("retrieve r2", "from: d\ntext: old\nquery: =old\nfilter: =item.old != 'old'");
    const [own, others] = [text.slice(0, text.indexOf("```chart e")), text.slice(text.indexOf("```chart e"))];
    const after = own
      .replace("x: old", "x: new")
      .replace("[id, old]", "[id, new]")
      .replace("series: old", "series: new")
      .replace("y: old", "y: new")
      .replace("s.old", "s.new")
      .replace("from: s.old", "from: s.new")
      .replace("text: old", "text: new")
      .replace("item.old", "item.new");
    expect(column(text)).toEqual({ text: after + others, warned: [] });
  });

  test.each([
    ["a loop of a template", fence("template x", "{% for r in s %}{{ r.old }}{% endfor %}")],
    ["its column's too", fence("prompt x", "{% for r in s.old %}{{ r['old'] }}{% endfor %}")],
    ["a filter", fence("test x", "s | map(attribute='old') | length > 0")],
    ["a filter of rows", over('=s | selectattr("old") | list', "").replace("over", "x")],
    ["code", fence("js x", "return [...s].map((r) => r.old)")],
    ["code by text", fence("js x", 'return [...s].map((r) => r["old"])')],
    ["code that takes rows apart", fence("js x", "return [...s].map(({ old }) => old)")],
    ["a check", fence("score x", "output: =d\n---\n- contains: =s[0].old").replace("output", "---\noutput")],
    ["a row that was set to another name", over("s", "", fence("template x", "{% set r = row %}{{ r.old }}"))],
    ["a list of its rows", over("=s | list", "", fence("template x", "{{ row.old }}"))],
    ["what was made of it", fence("js y", "return [...s].slice(1)") + fence("template x", "{{ y[0].old }}")],
    ["a chart of what was made of it", fence("js y", "return [...s].slice(1)") + fence("chart x", "data: y\nx: old")],
  ])("warns of what may read it: %s", (_what, text) => {
    const after = column(text);
    expect(after.text.replaceAll("s.new", "s.old")).toBe(text);
    expect(after.warned).toEqual(["x"]);
  });

  test.each([
    ["does not read the sheet", fence("template x", "{% for r in d %}{{ r.old }}{% endfor %}{{ d.old }} old")],
    ["reads it of another", fence("js x", "return s.length + d.old + d['old']")],
    ["has the word in its text alone", fence("template x", "old {{ s | length }} {{ 'old' }} {# r.old #}")],
    ["stands in the sheet of other rows", over("d", "", fence("template x", "{{ row.old }} {{ s | length }}"))],
    ["reads what an answer says", fence("prompt y", "{{ s | length }}") + fence("template x", "{{ y.old }}")],
  ])("says nothing of what %s", (_what, text) => {
    expect(column(text)).toEqual({ text, warned: [] });
  });

  test("warns of a query over all columns of what was made of it", () => {
    const text = fence("js y", "return [...s]") + fence("sql x", "select old from y");
    const warned = (table: string): unknown =>
      column(text.replace("from y", `from ${table}`), (source) => ({
        ...(analysed({ columns: ["old"] })(source) as SqlAnalysis & { ok: true }),
        tables: [
          { parts: [table], position: { line: 1, column: 1, offset: source.indexOf(table, 11), length: table.length } },
        ],
      })).warned;
    expect([warned("y"), warned("d")]).toEqual([["x"], []]);
  });
});

test("a renamed notebook renamed back is the same, whatever words it is made of", () => {
  const words = [
    "topic",
    "topics",
    "x.topic",
    "topic.x",
    "'topic'",
    "{{ topic }}",
    "{% if topic %}",
    "{% endif %}",
    "\n",
    " ",
    "=topic",
    "{# topic #}",
  ];
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...words), { maxLength: 10 }),
      fc.constantFrom("template", "js", "test", "prompt"),
      (parts, kind) => {
        const text = head + topic + fence(`${kind} other`, parts.join(" "));
        const there = rename(text, "topic", "fresh");
        const back = rename(there.text, "fresh", "topic");
        expect(back.text).toBe(text);
        expect(back.warnings.map(({ code }) => code)).toEqual(
          there.warnings.length > 0 && !there.text.slice(60).includes("fresh")
            ? back.warnings.map(({ code }) => code)
            : [],
        );
      },
    ),
    { numRuns: 300 },
  );
});
