import { describe, expect, test } from "vitest";
import { applyOperation } from "./apply-operation.ts";
import type { Operation } from "./operation.ts";

const head = "---\nsheaf: 1\n---\n";
const apply = (text: string, operation: Operation): string =>
  applyOperation(head + text, operation).text.slice(head.length);
const refusal = (text: string, operation: Operation) => () => applyOperation(head + text, operation);

describe("insert", () => {
  const a = "```js a\n```\n";
  const b = "```js b\n```\n";
  test.each<[string, string, Operation & { readonly type: "insert" }, string]>([
    [
      "behind a cell, with a blank line",
      `${a}\n# Hi\n`,
      { type: "insert", at: { after: "a" }, text: b },
      `${a}\n${b}\n# Hi\n`,
    ],
    [
      "before a cell, with a blank line",
      `# Hi\n\n${a}`,
      { type: "insert", at: { before: "a" }, text: b },
      `# Hi\n\n${b}\n${a}`,
    ],
    [
      "between cells that touch",
      `${a}\`\`\`js c\n\`\`\`\n`,
      { type: "insert", at: { after: "a" }, text: b },
      `${a}\n${b}\n\`\`\`js c\n\`\`\`\n`,
    ],
    ["at the end of a file", `${a}`, { type: "insert", at: { endOf: null }, text: b }, `${a}\n${b}`],
    [
      "at the end of a file without a line end",
      `${a}Hi`,
      { type: "insert", at: { endOf: null }, text: "there" },
      `${a}Hi\n\nthere\n`,
    ],
    [
      "at the start of a file, behind its front matter",
      `Hi\n`,
      { type: "insert", at: { startOf: null }, text: b },
      `\n${b}\nHi\n`,
    ],
    [
      "at the start of a file that begins with a blank line",
      `\n${a}`,
      { type: "insert", at: { startOf: null }, text: "Hi" },
      `\nHi\n\n${a}`,
    ],
    [
      "at the start of a sheet, behind its configuration",
      `\`\`\`\`sheet s\n---\nrows: x\n---\n${a}\`\`\`\`\n`,
      { type: "insert", at: { startOf: "s" }, text: b },
      `\`\`\`\`sheet s\n---\nrows: x\n---\n${b}\n${a}\`\`\`\`\n`,
    ],
    ["behind a blank line without another", `${a}\n`, { type: "insert", at: { endOf: null }, text: b }, `${a}\n${b}`],
    ["nothing for no text", a, { type: "insert", at: { endOf: null }, text: "" }, a],
    [
      "in an empty sheet",
      "````sheet s\n````\n",
      { type: "insert", at: { endOf: "s" }, text: b },
      `\`\`\`\`sheet s\n${b}\`\`\`\`\n`,
    ],
    [
      "in a sheet whose fence is too short",
      "```sheet s\n---\nrows: a\n---\n```\n",
      { type: "insert", at: { endOf: "s" }, text: b },
      `\`\`\`\`sheet s\n---\nrows: a\n---\n${b}\`\`\`\`\n`,
    ],
    [
      "behind a sheet's cell, indented as the sheet is",
      " ~~~sheet s\n ```js c\n ```\n ~~~\n",
      { type: "insert", at: { after: "s.c" }, text: "```js b\n\n  x\n```" },
      " ~~~sheet s\n ```js c\n ```\n\n ```js b\n\n   x\n ```\n ~~~\n",
    ],
    [
      "a further wording",
      "```js w.x\n```\n",
      { type: "insert", at: { after: "w.x" }, text: "```js w.y\n```" },
      "```js w.x\n```\n\n```js w.y\n```\n",
    ],
  ])("puts text %s", (_, text, operation, expected) => {
    expect(apply(text, operation)).toBe(expected);
  });

  test("follows the line ends of the file", () => {
    expect(
      applyOperation("---\r\nsheaf: 1\r\n---\r\n", { type: "insert", at: { endOf: null }, text: "```js a\n1\n```" })
        .text,
    ).toBe("---\r\nsheaf: 1\r\n---\r\n\r\n```js a\r\n1\r\n```\r\n");
  });

  test("refuses a text that would change which cells there are, and a place below what is open", () => {
    const open = expect.objectContaining({
      code: "operation.place",
      message: "the text cannot stand there without changing which cells there are",
    });
    expect(refusal(`${a}${b}`, { type: "insert", at: { after: "a" }, text: "```\n" })).toThrow(open);
    expect(refusal(`${a}<!-- open\n`, { type: "insert", at: { endOf: null }, text: b })).toThrow(open);
    expect(refusal(`${a}\`\`\`\n`, { type: "insert", at: { endOf: null }, text: b })).toThrow(open);
  });

  test("refuses a name that is taken, whatever its case, and a place that holds no cells", () => {
    expect(refusal(a, { type: "insert", at: { after: "a" }, text: "```js A\n```\n" })).toThrow(
      expect.objectContaining({
        code: "operation.name-taken",
        message: "`a` is also the name of the cell at line 7, written `A`",
        cure: "Give the new cell another name.",
      }),
    );
    expect(refusal("```js w.x\n```\n", { type: "insert", at: { after: "w.x" }, text: "```js w.x\n```\n" })).toThrow(
      expect.objectContaining({ code: "operation.name-taken" }),
    );
    expect(refusal(a, { type: "insert", at: { endOf: "a" }, text: b })).toThrow(
      expect.objectContaining({
        code: "operation.place",
        message: "`a` is a js and holds no cells",
        cure: "Name a sheet, or `null` for the file.",
      }),
    );
  });
});

describe("remove", () => {
  test.each([
    ["the cell's own lines only", "x\n\n```js a\n1\n```\n\ny\n", "x\n\n\ny\n"],
    ["and leaves a blank line where prose would run together", "x\n```js a\n```\ny\n", "x\n\ny\n"],
    ["also at the end without a line end", "x\n\n```js a\n```", "x\n\n"],
    ["all of a sheet", "````sheet a\n```js b\n```\n````\n```js c\n```\n", "```js c\n```\n"],
    [
      "and leaves a blank line where a tag would begin to swallow",
      "x\n```js a\n```\n<x>\n\n```js b\n```\n",
      "x\n\n<x>\n\n```js b\n```\n",
    ],
  ])("takes %s", (_, text, expected) => {
    expect(apply(text, { type: "remove", cell: "a" })).toBe(expected);
  });

  test("takes a cell out of a sheet", () => {
    expect(apply("````sheet s\n```js a\n```\n````\n", { type: "remove", cell: "s.a" })).toBe("````sheet s\n````\n");
  });

  test("keeps apart what would become another cell", () => {
    // The tag begins an HTML block behind the cell; behind the paragraph it would not, and the fence below it would be a cell.
    expect(apply("x\n```js a\n```\n<x>\n```js b\n```\n\n", { type: "remove", cell: "a" })).toBe(
      "x\n\n<x>\n```js b\n```\n\n",
    );
  });
});

describe("move", () => {
  const text = "```js a\n1\n```\n\nprose\n\n```js b\n2\n```\n\n````sheet s\n````\n";
  test.each<[string, string, Operation & { readonly type: "move" }, string]>([
    [
      "behind another",
      text,
      { type: "move", cell: "a", to: { after: "b" } },
      "\nprose\n\n```js b\n2\n```\n\n```js a\n1\n```\n\n````sheet s\n````\n",
    ],
    [
      "before another",
      text,
      { type: "move", cell: "b", to: { before: "a" } },
      "\n```js b\n2\n```\n\n```js a\n1\n```\n\nprose\n\n\n````sheet s\n````\n",
    ],
    [
      "into a sheet",
      text,
      { type: "move", cell: "a", to: { endOf: "s" } },
      "\nprose\n\n```js b\n2\n```\n\n````sheet s\n```js a\n1\n```\n````\n",
    ],
    [
      "to the end",
      text,
      { type: "move", cell: "a", to: { endOf: null } },
      "\nprose\n\n```js b\n2\n```\n\n````sheet s\n````\n\n```js a\n1\n```\n",
    ],
    ["nowhere when it is there", text, { type: "move", cell: "a", to: { before: "a" } }, text],
    [
      "into an indented sheet with another indentation",
      "  ```js a\n   1\n  ```\n ````sheet s\n ````\n",
      { type: "move", cell: "a", to: { endOf: "s" } },
      " ````sheet s\n ```js a\n  1\n ```\n ````\n",
    ],
    [
      "out of a sheet",
      "````sheet s\n```js a\n```\n````\n",
      { type: "move", cell: "s.a", to: { before: "s" } },
      "\n```js a\n```\n\n````sheet s\n````\n",
    ],
  ])("takes a cell %s", (_, from, operation, expected) => {
    expect(apply(from, operation)).toBe(expected);
  });

  test("refuses to move a sheet into itself, and a cell below what is open", () => {
    expect(refusal("````sheet s\n```js a\n```\n````\n", { type: "move", cell: "s", to: { after: "s.a" } })).toThrow(
      expect.objectContaining({
        code: "operation.place",
        message: "`s` cannot be moved into itself",
        cure: "Name a place outside of it.",
      }),
    );
    expect(refusal("```js a\n```\n<!--\n", { type: "move", cell: "a", to: { endOf: null } })).toThrow(
      expect.objectContaining({
        code: "operation.place",
        message: "`a` cannot stand there without changing other cells",
      }),
    );
  });
});

describe("set-kind", () => {
  test.each([
    ["changes the word", "```js a\nx\n```\n", "template", "```template a\nx\n```\n"],
    ["changes the word of an indented tilde fence", "  ~~~~  js \t a\n  ~~~~\n", "sql", "  ~~~~  sql \t a\n  ~~~~\n"],
    [
      "wraps a configuration that was the whole text",
      "  ```chart a\n  x: 1\n  ```\n",
      "js",
      "  ```js a\n  ---\n  x: 1\n  ---\n  ```\n",
    ],
    [
      "keeps a source out of a kind without a body",
      "```js a\nx: 1\n```\n",
      "chart",
      "```chart a\n---\n---\nx: 1\n```\n",
    ],
    ["leaves a wrapped configuration", "```js a\n---\nx: 1\n---\n```\n", "chart", "```chart a\n---\nx: 1\n---\n```\n"],
    ["leaves an empty body", "```chart a\n```\n", "js", "```js a\n```\n"],
    ["takes a kind for later and somebody else's", "```js a\n```\n", "acme/tool", "```acme/tool a\n```\n"],
    [
      "changes all wordings",
      "```js a.x\n```\n```js a.y\n```\n",
      "template",
      "```template a.x\n```\n```template a.y\n```\n",
    ],
  ])("%s", (_, text, kind, expected) => {
    expect(apply(text, { type: "set-kind", cell: "a", kind })).toBe(expected);
  });

  test("refuses a word that is no kind", () => {
    expect(refusal("```js a\n```\n", { type: "set-kind", cell: "a", kind: "promt" })).toThrow(
      expect.objectContaining({
        code: "operation.kind",
        message: "there is no kind of cell `promt`",
        cure: "Did you mean `prompt`?",
      }),
    );
    expect(refusal("```js a\n```\n", { type: "set-kind", cell: "a", kind: "xyzzyx" })).toThrow(
      expect.objectContaining({
        cure: "Kinds are prompt, sheet, data, sql, formula, template, js, retrieve, score, label, test, chart.",
      }),
    );
  });
});

describe("set-label", () => {
  test.each([
    ["makes a cell a wording", "```prompt a\nx\n```\n", "a", "```prompt a.first\nx\n```\n"],
    [
      "keeps what is written around the name",
      "  ~~~  prompt \ta  \nx\n  ~~~\n",
      "a",
      "  ~~~  prompt \ta.first  \nx\n  ~~~\n",
    ],
    [
      "gives a wording another label",
      "```prompt a.x\n```\n```prompt a.y\n```\n",
      "a.x",
      "```prompt a.first\n```\n```prompt a.y\n```\n",
    ],
    [
      "reaches a cell of a sheet",
      "````sheet s\n---\nrows: r\n---\n```prompt a\nx\n```\n````\n",
      "s.a",
      "````sheet s\n---\nrows: r\n---\n```prompt a.first\nx\n```\n````\n",
    ],
  ])("%s", (_, text, cell, expected) => {
    expect(apply(text, { type: "set-label", cell, label: "first" })).toBe(expected);
  });

  test("refuses a label that another wording has, whatever its case, and what is no label", () => {
    const text = "```prompt a.x\n```\n```prompt a.y\n```\n";
    const code = "operation.label";
    expect(refusal(text, { type: "set-label", cell: "a.x", label: "Y" })).toThrow(
      expect.objectContaining({ code, message: "`a.Y` is there already", cure: "Choose another label." }),
    );
    expect(refusal(text, { type: "set-label", cell: "a.x", label: "two words" })).toThrow(
      expect.objectContaining({ code, message: "`two words` cannot be the label of a wording" }),
    );
    expect(refusal(text, { type: "set-label", cell: "a", label: "z" })).toThrow(
      expect.objectContaining({ code: "operation.ambiguous" }),
    );
  });
});

describe("set-prose", () => {
  const text = "Hi.\n```js a\n```\nBye.";
  test("writes other prose, with a line end before a cell", () => {
    expect(apply(text, { type: "set-prose", segment: 1, text: "Hello\r\nthere" })).toBe(
      "Hello\nthere\n```js a\n```\nBye.",
    );
    expect(apply(text, { type: "set-prose", segment: 3, text: "End" })).toBe("Hi.\n```js a\n```\nEnd");
    expect(apply(text, { type: "set-prose", segment: 1, text: "" })).toBe("```js a\n```\nBye.");
    expect(apply(text, { type: "set-prose", segment: 3, text: "```js b\n```" })).toBe(
      "Hi.\n```js a\n```\n```js b\n```",
    );
  });

  test("refuses text that swallows a cell, and segments that are no prose", () => {
    expect(refusal(text, { type: "set-prose", segment: 1, text: "```" })).toThrow(
      expect.objectContaining({
        code: "operation.place",
        message: "with this text other cells would no longer be read as cells",
      }),
    );
    expect(refusal(text, { type: "set-prose", segment: 2, text: "x" })).toThrow(
      expect.objectContaining({
        code: "operation.no-prose",
        message: "segment 2 is no prose",
        cure: "Segments of prose are 1, 3.",
      }),
    );
    expect(refusal("", { type: "set-prose", segment: 9, text: "x" })).toThrow(
      expect.objectContaining({ message: "segment 9 is not there", cure: "Insert the text before or after a cell." }),
    );
  });
});

describe("replace and edit", () => {
  test("change what they name, and only that", () => {
    expect(applyOperation("abcdef", { type: "replace", start: 1, end: 3, text: "X" })).toEqual({
      text: "aXdef",
      inverse: { type: "edit", edits: [{ start: 1, end: 2, text: "bc" }] },
      edits: [{ start: 1, end: 3, text: "X" }],
      warnings: [],
    });
    const edits = [
      { start: 0, end: 1, text: "" },
      { start: 2, end: 2, text: "yz" },
      { start: 4, end: 6, text: "!" },
    ];
    const { text, inverse } = applyOperation("abcdef", { type: "edit", edits });
    expect(text).toBe("byzcd!");
    expect(inverse).toEqual({
      type: "edit",
      edits: [
        { start: 0, end: 0, text: "a" },
        { start: 1, end: 3, text: "" },
        { start: 5, end: 6, text: "ef" },
      ],
    });
  });

  test("leave out what changes nothing", () => {
    expect(applyOperation("abc", { type: "replace", start: 1, end: 2, text: "b" }).edits).toEqual([]);
  });

  test.each([
    [
      "beyond the end",
      [{ start: 2, end: 9, text: "" }],
      "no part of the text is from 2 to 9 here",
      "Give offsets from 0 to 3, in ascending order and without overlap.",
    ],
    [
      "backwards",
      [{ start: 2, end: 1, text: "" }],
      "no part of the text is from 2 to 1 here",
      "Give offsets from 0 to 3, in ascending order and without overlap.",
    ],
    [
      "overlapping",
      [
        { start: 0, end: 2, text: "" },
        { start: 1, end: 3, text: "" },
      ],
      "no part of the text is from 1 to 3 here",
      "Give offsets from 2 to 3, in ascending order and without overlap.",
    ],
    [
      "broken",
      [{ start: 0.5, end: 1, text: "" }],
      "no part of the text is from 0.5 to 1 here",
      "Give offsets from 0 to 3, in ascending order and without overlap.",
    ],
  ])("refuse ranges %s", (_, edits, message, cure) => {
    expect(() => applyOperation("abc", { type: "edit", edits })).toThrow(
      expect.objectContaining({ code: "operation.range", message, cure }),
    );
  });
});
