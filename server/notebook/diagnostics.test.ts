import { describe, expect, test } from "vitest";
import { parseNotebook, printNotebook } from "./format.ts";

/** Diagnostics as `line:column length severity code cell message → cure`. */
function diagnosed(text: string): string[] {
  return parseNotebook(text).diagnostics.map(
    ({ position, severity, code, cell, message, cure }) =>
      `${position.line}:${position.column}+${position.length} ${severity} ${code}${cell === undefined ? "" : ` ${cell}`}: ${message} → ${cure}`,
  );
}

const head = "---\nsheaf: 1\n---\n";
const cells = (text: string): string[] => diagnosed(head + text);
const front = (yaml: string): string[] => diagnosed(`---\nsheaf: 1\n${yaml}\n---\n`);

describe("what is wrong with fences", () => {
  test.each([
    [
      "an unclosed cell",
      "a\n\n```js a\nx",
      [
        "6:1+7 error notebook.unclosed-fence: this fence is not closed, so everything below it is prose → Add a line ````` where it ends.",
      ],
    ],
    [
      "an unclosed code example",
      " ~~~~\nx",
      [
        "4:2+4 warning notebook.unclosed-fence: this fence is not closed, so everything below it is prose → Add a line `~~~~` where it ends.",
      ],
    ],
    [
      "a name with a hyphen",
      "```prompt my-cell\n```\n",
      [
        "4:1+17 error notebook.name: `my-cell` cannot be the name of a cell → Use letters, digits and `_`, and no digit first: `my_cell`.",
      ],
    ],
    [
      "a name that begins with a digit",
      "```sql 1st\n```\n",
      [
        "4:1+10 error notebook.name: `1st` cannot be the name of a cell → Use letters, digits and `_`, and no digit first: `_1st`.",
      ],
    ],
    [
      "a name in other letters",
      "```sql été\n```\n",
      [
        "4:1+10 error notebook.name: `été` cannot be the name of a cell → Use letters, digits and `_`, and no digit first: `_t_`.",
      ],
    ],
    [
      "a wording without a label",
      "```prompt a.\n```\n",
      [
        "4:1+12 error notebook.name: `a.` cannot be the name of a wording → Use letters, digits, `_` and `-` behind the point: `a.short`.",
      ],
    ],
    [
      "a wording with two points",
      "```prompt a.b.c\n```\n",
      [
        "4:1+15 error notebook.name: `a.b.c` cannot be the name of a wording → Use letters, digits, `_` and `-` behind the point: `a.short`.",
      ],
    ],
    [
      "a reserved word",
      "```js Row\n```\n",
      [
        "4:1+9 error notebook.reserved-name Row: `Row` is a reserved word and cannot be the name of a cell → Choose another name, such as `Row_1`.",
      ],
    ],
    [
      "a reserved word of SQL",
      "```js select\n```\n",
      [
        "4:1+12 error notebook.reserved-name select: `select` is a reserved word and cannot be the name of a cell → Choose another name, such as `select_1`.",
      ],
    ],
    [
      "a kind for later",
      "```python a\n```\n",
      [
        "4:1+11 error notebook.unknown-kind a: no kind of cell `python` is known here, so `a` cannot be computed → The cell is kept as it is; open the notebook with a release that knows the kind.",
      ],
    ],
    [
      "somebody else's kind",
      "```acme/tool a\n```\n",
      [
        "4:1+14 error notebook.unknown-kind a: no kind of cell `acme/tool` is known here, so `a` cannot be computed → The cell is kept as it is; open the notebook with a release that knows the kind.",
      ],
    ],
    [
      "a cell without a name",
      "```prompt\n```\n",
      [
        "4:1+9 warning notebook.unnamed-cell: this fence of kind `prompt` has no name, so it is prose → Name it: `prompt my_prompt`.",
      ],
    ],
    [
      "a kind in capitals",
      "```Prompt a\n```\n",
      [
        "4:1+11 warning notebook.kind-case: `Prompt` is not a kind of cell, so this fence is prose → Write the kind in lower case: `prompt a`.",
      ],
    ],
    [
      "a kind with a slip",
      "a\n\n  ~~~promt topic\n  ~~~\n```Templte a.short\n```\n",
      [
        "6:3+14 warning notebook.kind-misspelt: `promt` is not a kind of cell, so this fence is prose → Did you mean `prompt`?",
        "8:1+18 warning notebook.kind-misspelt: `Templte` is not a kind of cell, so this fence is prose → Did you mean `template`?",
      ],
    ],
    [
      "a kind with a slip in a sheet",
      "````sheet s\n```scroe right\n```\n````\n",
      [
        "5:1+14 warning notebook.kind-misspelt: `scroe` is not a kind of cell, so this fence is prose → Did you mean `score`?",
      ],
    ],
    [
      "a kind and a name with more behind them, or in braces",
      "```test gate extra\n```\n```test {gate}\n```\n```prompt topic.short title=x\n```\n",
      [
        "4:1+18 warning notebook.extra-words: this fence says more than a kind and a name, so it is prose → Leave `test gate`, or write it otherwise if it is an example.",
        "6:1+14 warning notebook.extra-words: this fence says more than a kind and a name, so it is prose → Leave `test gate`, or write it otherwise if it is an example.",
        "8:1+29 warning notebook.extra-words: this fence says more than a kind and a name, so it is prose → Leave `prompt topic.short`, or write it otherwise if it is an example.",
      ],
    ],
    [
      "a cell right below HTML",
      "<details>\n```test gate\n1 > 2\n```\n</details>\n\n<pre>\n```test shown\n</pre>\n",
      [
        "5:1+12 warning notebook.fence-in-html: this fence stands right below HTML, so it is prose → Put an empty line between them.",
      ],
    ],
    [
      "a short kind with its letters swapped",
      "```slq rows\n```\n```sj code\n```\n",
      [
        "4:1+11 warning notebook.kind-misspelt: `slq` is not a kind of cell, so this fence is prose → Did you mean `sql`?",
        "6:1+10 warning notebook.kind-misspelt: `sj` is not a kind of cell, so this fence is prose → Did you mean `js`?",
      ],
    ],
  ])("%s", (_, text, expected) => {
    expect(cells(text)).toEqual(expected);
  });

  test.each([
    ["code examples", "```sql\n```\n```js\n```\n```data\n```\n```python\n```\n```\n```\n"],
    [
      "notes of other tools on code",
      '```js {1,3}\n```\n```sql title="x"\n```\n```js key=1\n```\n```sql a b\n```\n```js {a}\n```\n```promt a b\n```\n',
    ],
    [
      "words that are no kinds",
      "```bash install\n```\n```promt\n```\n```promt my-topic\n```\n```promt a b\n```\n```promt select\n```\n```python my-file\n```\n```python a.b.c\n```\n",
    ],
    [
      "code examples in other languages, also those spelt nearly like a kind",
      "csharp css diff ejs gql graphql html java json jsonl jsx kql mjs psql promql rest rust scala sh shell sml text toml ts tsql tsx yaml"
        .split(" ")
        .map((language) => `\`\`\`${language} example\n\`\`\`\n`)
        .join(""),
    ],
  ])("nothing is with %s", (_, text) => {
    expect(cells(text)).toEqual([]);
    const notebook = parseNotebook(head + text);
    expect(notebook.cells).toEqual([]);
    expect(printNotebook(notebook)).toBe(head + text);
  });

  test.each("python http tool agent loop human set files knowledge notebook note".split(" "))(
    "is that a cell of the kind `%s`, kept for later, cannot be computed yet",
    (kind) => {
      expect(cells(`\`\`\`${kind} a\n\`\`\`\n`)).toEqual([expect.stringMatching(/ error notebook\.unknown-kind a: /)]);
    },
  );

  test("keeps an unknown cell with its text and its configuration", () => {
    const { cells } = parseNotebook(
      `${head}\`\`\`acme/tool a\n---\nk: 1\n---\nx\n\`\`\`\n\`\`\`loop b\nk: 1\n\`\`\`\n`,
    );
    expect(
      cells.map(({ kind, known, name, configuration, source }) => ({
        kind,
        known,
        name,
        values: configuration.values,
        source,
      })),
    ).toEqual([
      { kind: "acme/tool", known: false, name: "a", values: { k: 1 }, source: "x" },
      { kind: "loop", known: false, name: "b", values: {}, source: "k: 1" },
    ]);
  });

  test("keeps a cell whose name is reserved", () => {
    expect(parseNotebook(`${head}\`\`\`js row\n\`\`\`\n`).cells.map(({ name, known }) => [name, known])).toEqual([
      ["row", true],
    ]);
  });
});

describe("what is wrong with names", () => {
  test("is said at each cell that has one name, whatever its case and wherever it stands", () => {
    expect(cells("```js a\n```\n````sheet s\n```js A\n```\n````\n```js a\n```\n")).toEqual([
      "4:1+7 error notebook.duplicate-name a: `a` is also the name of the cell at line 7, written `A` → Rename one of them; names differ by more than their case.",
      "7:1+7 error notebook.duplicate-name A: `A` is also the name of the cell at line 4, written `a` → Rename one of them; names differ by more than their case.",
      "10:1+7 error notebook.duplicate-name a: `a` is also the name of the cell at line 4 → Rename one of them; names differ by more than their case.",
    ]);
  });

  test("is said of a cell and an input with one name", () => {
    expect(diagnosed("---\nsheaf: 1\ninputs: { a: string }\n---\n```js a\n```\n")).toEqual([
      "3:11+1 error notebook.duplicate-name a: `a` is also the name of the cell at line 5 → Rename one of them; names differ by more than their case.",
      "5:1+7 error notebook.duplicate-name a: `a` is also the name of the input at line 3 → Rename one of them; names differ by more than their case.",
    ]);
  });

  test("is nothing for wordings of one kind with labels of their own", () => {
    expect(cells("```js a.x\n```\n```js a.y\n```\n```js a.1-b\n```\n")).toEqual([]);
  });

  test("is said of wordings that differ in kind, share a label, or stand beside a plain cell or in another sheet", () => {
    expect(cells("```js a.x\n```\n```sql a.y\n```\n```js a.x\n```\n")).toEqual([
      "4:1+9 error notebook.duplicate-label a: there is another wording `a.x` at line 8 → Give one of them another label.",
      "6:1+10 error notebook.wording-kind a: the wording `a.y` is a sql, and `a.x` is a js → Give all wordings of a cell the same kind.",
      "8:1+9 error notebook.duplicate-label a: there is another wording `a.x` at line 4 → Give one of them another label.",
    ]);
    const duplicates = (text: string): string[] => parseNotebook(head + text).diagnostics.map(({ code }) => code);
    expect(duplicates("```js a.x\n```\n```js a\n```\n")).toEqual([
      "notebook.duplicate-name",
      "notebook.duplicate-name",
    ]);
    expect(duplicates("```js a.x\n```\n````sheet s\n```js a.y\n```\n````\n")).toEqual([
      "notebook.duplicate-name",
      "notebook.duplicate-name",
    ]);
    expect(duplicates("```js a.x\n```\n```js A.y\n```\n")).toEqual([
      "notebook.duplicate-name",
      "notebook.duplicate-name",
    ]);
  });
});

describe("what is wrong with YAML", () => {
  const cell = (yaml: string): string[] => cells(`\`\`\`js a\n---\n${yaml}\n---\nx\n\`\`\`\n`);
  test.each([
    [
      "a list",
      "- b",
      [
        "6:1+3 error notebook.not-a-mapping a: the configuration of `a` is a list, not a mapping → Write lines of `key: value`.",
      ],
    ],
    [
      "a single value",
      "b",
      [
        "6:1+1 error notebook.not-a-mapping a: the configuration of `a` is a single value, not a mapping → Write lines of `key: value`.",
      ],
    ],
    [
      "a tab for indentation",
      "b:\n\tc: 1",
      ["7:1+1 error notebook.yaml a: Tabs are not allowed as indentation → Indent with spaces instead of the tab."],
    ],
    [
      "a key twice",
      "b: 1\nc: { d: 1, d: 2 }\nb: 3",
      [
        "7:12+1 error notebook.duplicate-key a: `d` is set twice → Remove one of the two.",
        "8:1+1 error notebook.duplicate-key a: `b` is set twice → Remove one of the two.",
      ],
    ],
    [
      "a text with a colon",
      "b: c: d",
      [
        "6:4+1 error notebook.yaml a: Nested mappings are not allowed in compact mappings → Put the value in quotes: text with `: `, ` #` or a first `@`, `%`, `*`, `&`, `!` or backtick needs them.",
      ],
    ],
    [
      "an open bracket",
      "b: [1",
      [
        "6:6+0 error notebook.yaml a: Flow sequence in block collection must be sufficiently indented and end with a ] → Check the brackets, quotes and indentation here.",
      ],
    ],
    [
      "an alias without an anchor",
      "b: *c",
      ["6:4+2 error notebook.yaml a: there is no anchor `&c` → Put text that begins with `*` in quotes."],
    ],
    [
      "a number that is none in JSON",
      "b: .nan\nc: -.inf",
      [
        "6:4+4 error notebook.yaml a: `.nan` is a number that JSON cannot say → Write a finite number, or put it in quotes.",
        "7:4+5 error notebook.yaml a: `-.inf` is a number that JSON cannot say → Write a finite number, or put it in quotes.",
      ],
    ],
    [
      "bytes, which JSON cannot say",
      "b: !!binary aGk=",
      [
        "6:13+4 error notebook.yaml a: `aGk=` is of a type that JSON cannot say → Take the tag before it away, and put it in quotes.",
      ],
    ],
    [
      "a key that is a list",
      "? [b]\n: 1\nc: 2",
      ["6:3+3 error notebook.yaml a: a key must be a plain word or text → Put the key in quotes."],
    ],
    [
      "a tag",
      "b: !c d",
      [
        "6:4+2 warning notebook.yaml a: Unresolved tag: !c → Remove the tag that begins with `!`, or put the value in quotes.",
      ],
    ],
    [
      "two documents",
      "b: 1\n...\nc: 1",
      [
        "8:1+4 error notebook.yaml a: a second YAML document begins here → Remove the line `---` or `...` inside the YAML.",
      ],
    ],
  ])("%s", (_, yaml, expected) => {
    expect(cell(yaml)).toEqual(expected);
  });

  test("does not keep the rest of the notebook from being read", () => {
    const { cells, diagnostics } = parseNotebook(
      `${head}\`\`\`js a\n---\nb: [1\n---\nx\n\`\`\`\n\`\`\`js c\ny\n\`\`\`\n`,
    );
    expect(cells.map(({ name, source }) => [name, source])).toEqual([
      ["a", "x"],
      ["c", "y"],
    ]);
    expect(diagnostics).toHaveLength(1);
  });

  test("keeps the first of two values, and what could be read", () => {
    const { cells } = parseNotebook(
      `${head}\`\`\`js a\n---\nb: 1\nb: 2\nc: .inf\n1: one\n0x10: hex\nd:\n---\n\`\`\`\n`,
    );
    expect(cells[0]!.configuration.values).toEqual({ b: 1, c: null, 1: "one", "0x10": "hex", d: null });
  });

  test("is nothing in an alias, which stands for the last anchor of its name above it", () => {
    const { cells, diagnostics } = parseNotebook(
      `${head}\`\`\`js a\n---\nb: &b [&c 1]\nc: &c 2\nd: *b\ne: *c\n---\n\`\`\`\n`,
    );
    expect(diagnostics).toEqual([]);
    expect(cells[0]!.configuration.values).toEqual({ b: [1], c: 2, d: [1], e: 2 });
  });

  test("is nothing in 63 levels of lists, mappings and aliases, and one more is too deep", () => {
    const nested = (levels: number): string => `b: ${"[".repeat(levels)}1${"]".repeat(levels)}`;
    const aliased = (levels: number): string =>
      `b: &b ${"[".repeat(31)}1${"]".repeat(31)}\nc: ${"{d: ".repeat(levels - 32)}*b${"}".repeat(levels - 32)}`;
    for (const yaml of [nested, aliased]) {
      expect(cell(yaml(63))).toEqual([]);
      expect(cell(yaml(64))).toHaveLength(1);
    }
  });

  test("ends aliases that stand for too much, and nesting that is too deep", () => {
    const bomb = [
      "a: &a [x, x, x, x, x, x, x, x, x, x]",
      ..."bcdefgh"
        .split("")
        .map(
          (key, index) => `${key}: &${key} [${Array.from({ length: 10 }, () => `*${"abcdefg"[index]}`).join(", ")}]`,
        ),
    ].join("\n");
    const tooMuch =
      "error notebook.yaml a: the configuration of `a` is nested too deeply, or its aliases stand for too many values → Write it with fewer levels and without aliases.";
    for (const yaml of [
      bomb,
      `b: ${"[".repeat(20_000)}${"]".repeat(20_000)}`,
      "b: &b [*b]",
      `b: ${"{c: ".repeat(70)}1${"}".repeat(70)}`,
    ]) {
      const start = performance.now();
      expect(cell(yaml).map((line) => line.replace(/^6:1\+0 /, ""))).toEqual([tooMuch]);
      expect(performance.now() - start).toBeLessThan(2_000);
    }
  });

  test("refuses more than a million characters", () => {
    expect(cell(`b: ${"x".repeat(1_000_000)}`)).toEqual([
      "6:1+0 error notebook.too-large a: the configuration of `a` has 1000004 characters; at most 1000000 are read → Move the data into a data cell or a file.",
    ]);
  });

  test("is said where its `---` is missing", () => {
    expect(cells("```js a\n---\nb: 1\n```\n")).toEqual([
      "5:1+3 error notebook.unclosed-configuration a: the configuration of `a` has no `---` line at its end → Add the line; or, where the text itself begins with `---`, put two lines `---` before it.",
    ]);
    expect(parseNotebook(`${head}\`\`\`js a\n---\nb: 1\n\`\`\`\n`).cells[0]!.source).toBe("---\nb: 1");
  });

  test("is text below the configuration of a kind without a body", () => {
    expect(cells("```chart a\n---\nx: b\n---\n\nrest\n```\n")).toEqual([
      "4:1+10 warning notebook.no-body a: `a` is a chart and has no body; the text below its configuration is not read → Remove the text, or move it out of the cell.",
    ]);
    expect(cells("```chart a\n---\nx: b\n---\n \n```\n")).toEqual([]);
  });
});

describe("what is wrong with front matter", () => {
  test.each([
    [
      "a list",
      "---\n- sheaf: 1\n---\n",
      ["2:1+10 error notebook.not-a-mapping: the front matter is a list, not a mapping → Write lines of `key: value`."],
    ],
    [
      "no end",
      "---\nsheaf: 1\n\n# Hi\n",
      [
        "1:1+3 error notebook.unclosed-front-matter: the front matter has no `---` line at its end, so this is not a notebook → Add a line `---` below the last key.",
      ],
    ],
    [
      "a version that is a text",
      "---\nsheaf: one\n---\n",
      [
        '2:8+3 error notebook.version: version "one" of the format is not known; known is 1 → Open the notebook with a newer release, or write `sheaf: 1`.',
      ],
    ],
    [
      "a version in quotes",
      '---\nsheaf: "1"\n---\n',
      [
        '2:8+3 error notebook.version: version "1" of the format is not known; known is 1 → Write it without quotes: `sheaf: 1`.',
      ],
    ],
    [
      "no version",
      "---\nsheaf:\n---\n",
      [
        '2:1+5 error notebook.version: version "null" of the format is not known; known is 1 → Open the notebook with a newer release, or write `sheaf: 1`.',
      ],
    ],
  ])("%s", (_, text, expected) => {
    expect(diagnosed(text)).toEqual(expected);
    expect(parseNotebook(text).isNotebook).toBe(false);
  });

  test("a line without a key is an error of its YAML, and no key that is unknown", () => {
    const codes = parseNotebook("---\nsheaf: 1\n- b\n---\n").diagnostics.map(({ code }) => code);
    expect(codes).not.toContain("notebook.unknown-key");
    expect(codes.length).toBeGreaterThan(0);
  });

  test.each([
    [
      "an unknown key",
      "titl: x\nzzz: 1",
      [
        "3:1+4 warning notebook.unknown-key: `titl` is not a key of the front matter; it is kept and not read → Did you mean `title`?",
        "4:1+3 warning notebook.unknown-key: `zzz` is not a key of the front matter; it is kept and not read → Known keys are sheaf, title, inputs, outputs, models, choose.",
      ],
    ],
    [
      "a title that is a list",
      "title: [x]",
      ["3:8+3 error notebook.front-matter: `title` is not a text → Write `title: My notebook`."],
    ],
    [
      "inputs that are a list",
      "inputs: [a]",
      ["3:9+3 error notebook.front-matter: `inputs` is not a mapping → Write `inputs: { message: string }`."],
    ],
    [
      "an input's name",
      "inputs: { my-input: string, row: string }",
      [
        "3:11+8 error notebook.name: `my-input` cannot be the name of an input → Use letters, digits and `_`, and no digit first: `my_input`.",
        "3:29+3 error notebook.reserved-name: `row` is a reserved word and cannot be the name of an input → Choose another name, such as `row_1`.",
      ],
    ],
    [
      "an input's type",
      "inputs: { a: strng, b: { type: xyzzy }, c: 3 }",
      [
        "3:14+5 error notebook.input: `strng` is not a type of the input `a` → Did you mean `string`?",
        "3:32+5 error notebook.input: `xyzzy` is not a type of the input `b` → Types are string, number, boolean, choice, json, table, file, image, messages.",
        "3:44+1 error notebook.input: this is not a type of the input `c` → Types are string, number, boolean, choice, json, table, file, image, messages.",
      ],
    ],
    [
      "an input's key",
      "inputs: { a: { typ: string } }",
      [
        "3:16+3 warning notebook.unknown-key: `typ` is not a key of the input `a`; it is kept and not read → Did you mean `type`?",
      ],
    ],
    [
      "a choice without options",
      "inputs: { a: choice, b: [] }",
      [
        "3:14+6 error notebook.input: the choice `a` has no options → Write them out: `a: [formal, plain]`.",
        "3:25+2 error notebook.input: the choice `b` has no options → Write them out: `b: [formal, plain]`.",
      ],
    ],
    [
      "options that are no list",
      "inputs: { a: { type: string, options: x } }",
      ["3:39+1 error notebook.input: the options of `a` are not a list → Write `options: [formal, plain]`."],
    ],
    [
      "a default of another type",
      "inputs:\n  a: { type: number, default: x }\n  b: { type: boolean, default: 1 }\n  c: { type: [x, y], default: z }\n  d: { type: table, default: 1 }\n  e: { type: file, default: 1 }\n  f: { type: messages, default: 1 }\n  g: { type: string, default: [1] }",
      [
        "4:31+1 error notebook.input: the default of `a` is not a number → Change the default, or the type.",
        "5:32+1 error notebook.input: the default of `b` is not a boolean → Change the default, or the type.",
        "6:31+1 error notebook.input: the default of `c` is not one of x, y → Change the default, or the type.",
        "7:30+1 error notebook.input: the default of `d` is not a list, as a table must be → Change the default, or the type.",
        "8:29+1 error notebook.input: the default of `e` is not the path of a file → Change the default, or the type.",
        "9:33+1 error notebook.input: the default of `f` is not a list, as messages must be → Change the default, or the type.",
        "10:31+3 error notebook.input: the default of `g` is not a text → Change the default, or the type.",
      ],
    ],
    [
      "an output that is no name",
      "outputs: [a, [b]]",
      ["3:14+3 error notebook.front-matter: an output is the name of a cell → Write `outputs: [topic]`."],
    ],
    [
      "an output that is named twice",
      "outputs: [a, b, a]",
      ["3:17+1 warning notebook.front-matter: the output `a` is named twice → Take one away."],
    ],
    [
      "outputs that are a number",
      "outputs: 3",
      ["3:10+1 error notebook.front-matter: an output is the name of a cell → Write `outputs: [topic]`."],
    ],
    [
      "models that are a list",
      "models: [a]",
      ["3:9+3 error notebook.front-matter: `models` is not a mapping → Write `models: { small: provider/model }`."],
    ],
    [
      "a model without a model",
      "models: { a: { temperature: 0 }, b: 3 }",
      [
        "3:14+18 error notebook.front-matter: the model `a` does not say which model it is → Write `a: provider/model`, or `a: { model: provider/model, temperature: 0 }`.",
        "3:37+1 error notebook.front-matter: the model `b` does not say which model it is → Write `b: provider/model`, or `b: { model: provider/model, temperature: 0 }`.",
      ],
    ],
    [
      "a choice that is a list",
      "choose: [a]",
      ["3:9+3 error notebook.front-matter: `choose` is not a mapping → Write `choose: { model: small }`."],
    ],
    [
      "a choice of several labels",
      "choose: { a: [b] }",
      ["3:14+3 error notebook.front-matter: the choice of `a` is not one label → Write one label: `a: small`."],
    ],
  ])("%s", (_, yaml, expected) => {
    expect(front(yaml)).toEqual(expected);
  });

  test("is nothing in what the design allows", () => {
    const { front: read, diagnostics } = parseNotebook(
      "---\nsheaf: 1\ntitle: 2024\ninputs:\n  a: string\n  b: [formal, 0.10]\n  c: { type: choice, options: [x, 1], default: 1 }\n  d: { default: 3 }\n  e: { default: [1] }\n  f: { default: true, description: Yes or no }\n" +
        "  g:\n  h: { options: [p] }\n  i: { type: string, default: 1.50 }\n  j: { type: json, default: null }\n  k: { type: number, default: 12345678901234567890 }\n  l: { default: text }\n  m: { type: table, default: datasets/a.csv }\n  n: { type: image }\n" +
        "outputs: topic\nmodels: { small: local/a, big: { model: openai/b, temperature: 0 } }\nchoose: { model: small, shots: 5, t: 0.10, u: '1', v: true }\n---\n",
    );
    expect(diagnostics).toEqual([]);
    expect(read.title).toBe("2024");
    expect(read.inputs.map(({ position, ...input }) => (expect(position.length).toBe(1), input))).toEqual([
      { name: "a", type: "string" },
      { name: "b", type: "choice", options: ["formal", "0.10"] },
      { name: "c", type: "choice", options: ["x", "1"], default: "1" },
      { name: "d", type: "number", default: 3 },
      { name: "e", type: "json", default: [1] },
      { name: "f", type: "boolean", default: true, description: "Yes or no" },
      { name: "g", type: "string" },
      { name: "h", type: "choice", options: ["p"] },
      { name: "i", type: "string", default: "1.50" },
      { name: "j", type: "json", default: null },
      { name: "k", type: "number", default: 12345678901234567890n },
      { name: "l", type: "string", default: "text" },
      { name: "m", type: "table", default: "datasets/a.csv" },
      { name: "n", type: "image" },
    ]);
    expect(read.inputs[1]!.position).toEqual({ line: 6, column: 3, offset: 47, length: 1 });
    expect(read.outputs).toEqual(["topic"]);
    expect(read.models).toEqual({ small: { model: "local/a" }, big: { model: "openai/b", temperature: 0 } });
    expect(read.choose).toEqual({ model: "small", shots: "5", t: "0.10", u: "1", v: "true" });
  });

  test("is empty where the file says nothing", () => {
    expect(parseNotebook("---\nsheaf: 1\ninputs:\noutputs:\nmodels:\nchoose:\ntitle:\n---\n")).toMatchObject({
      isNotebook: true,
      front: { title: null, inputs: [], outputs: [], models: {}, choose: {}, positions: {} },
      diagnostics: [],
    });
  });
});
