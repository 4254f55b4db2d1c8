import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyOperation } from "./apply-operation.ts";
import { canonicalJson } from "./canonical-json.ts";
import { cellsOf, type PlacedCell } from "./cells-of.ts";
import { withValue } from "./configuration/with-value.ts";
import { fingerprints } from "./edit/cell-fingerprint.ts";
import { parseNotebook } from "./format.ts";
import type { Cell, Notebook, Span } from "./notebook.ts";
import type { Operation, TextEdit } from "./operation.ts";
import { SheafError } from "./sheaf-error.ts";
import { configurationValues, foundNotebooks, notebooks, sourceText } from "./test-notebooks.ts";

const paths = fc.constantFrom("c0", "c0", "c0", "c1", "c1", "c2", "c0.c0_0", "c1.c1_1", "nobody");
const places = fc.oneof(
  paths.map((before) => ({ before })),
  paths.map((after) => ({ after })),
  fc.constantFrom({ startOf: null }, { startOf: "c0" }, { endOf: null }, { endOf: "c0" }, { endOf: "c1" }),
);
const added = fc.constantFrom(
  "```js new\nreturn 1\n```\n",
  "Some prose.",
  "~~~~~sheet new\n~~~js newer\n~~~\n~~~~~",
  "<div>",
  "- item\n\n",
  "```",
);
const step = fc.oneof(fc.constantFrom("models", "k", "title", "zeta", "tone"), fc.integer({ min: 0, max: 3 }));
const steps = fc
  .tuple(
    fc.constantFrom<string | number>("models", "k", "title", "zeta", "tone", "k", "zeta", 0),
    fc.array(step, { maxLength: 2 }),
  )
  .map(([first, rest]) => [first, ...rest]);
const values = fc.option(fc.oneof(configurationValues, fc.constantFrom("=row.text", "a: b", 5, true, null)), {
  nil: undefined,
});

const operations: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ type: fc.constant("set-source" as const), cell: paths, source: sourceText }),
  fc.record({ type: fc.constant("set-configuration" as const), cell: paths, path: steps, value: values }),
  fc.record({
    type: fc.constant("set-configuration-text" as const),
    cell: paths,
    text: fc.constantFrom("", "k: 1", "models: [a, b] # which\n\n", "k: [1", "---", "title: |\n  ````\n  b"),
  }),
  fc.record({ type: fc.constant("set-front-matter" as const), path: steps, value: values }),
  fc.record({
    type: fc.constant("set-kind" as const),
    cell: paths,
    kind: fc.constantFrom("js", "prompt", "chart", "sheet", "python", "nothing"),
  }),
  fc.record({
    type: fc.constant("set-label" as const),
    cell: paths,
    label: fc.constantFrom("x", "first", "2nd", "-", "no label"),
  }),
  fc.record({ type: fc.constant("rename" as const), cell: paths, to: fc.constantFrom("fresh", "c1", "row") }),
  fc.record({ type: fc.constant("insert" as const), at: places, text: added }),
  fc.record({ type: fc.constant("remove" as const), cell: paths }),
  fc.record({ type: fc.constant("move" as const), cell: paths, to: places }),
  fc.record({ type: fc.constant("set-prose" as const), segment: fc.nat({ max: 6 }), text: added }),
  fc.record({
    type: fc.constant("replace" as const),
    start: fc.nat({ max: 200 }),
    end: fc.nat({ max: 200 }),
    text: added,
  }),
);

/** Applies an operation; null where it is refused, which must be by an error of ours. */
function tryApply(text: string, operation: Operation): ReturnType<typeof applyOperation> | null {
  try {
    return applyOperation(text, operation);
  } catch (thrown) {
    if (!(thrown instanceof SheafError)) throw thrown;
    expect(thrown.code).toMatch(/^operation\./);
    expect(thrown.cure).toMatch(/[.?]$/);
    return null;
  }
}

function count(done: { [type: string]: number }, type: string): void {
  done[type] = (done[type] ?? 0) + 1;
}

describe("any operation", () => {
  test("is taken back by its inverse, byte for byte, and the inverse by its own", () => {
    let tried = 0;
    const done: { [type: string]: number } = {};
    fc.assert(
      fc.property(foundNotebooks, operations, ({ text }, operation) => {
        tried += 1;
        const applied = tryApply(text, operation);
        if (applied === null) return;
        count(done, operation.type);
        const back = applyOperation(applied.text, applied.inverse);
        expect(back.text).toBe(text);
        expect(applyOperation(text, back.inverse).text).toBe(applied.text);
      }),
      { numRuns: 1_500 },
    );
    const types = [
      "insert",
      "move",
      "remove",
      "rename",
      "replace",
      "set-configuration",
      "set-configuration-text",
      "set-front-matter",
      "set-kind",
      "set-label",
      "set-prose",
      "set-source",
    ];
    expect(
      Object.keys(done)
        .filter((type) => done[type]! / tried > 0.005)
        .sort(),
    ).toEqual(types);
  });

  test("changes no byte outside its edits, and those lie where the operation says", () => {
    const done: { [type: string]: number } = {};
    fc.assert(
      fc.property(foundNotebooks, operations, ({ text }, operation) => {
        const applied = tryApply(text, operation);
        if (applied === null) return;
        count(done, operation.type);
        const outside = (whole: string, spans: readonly { readonly start: number; readonly end: number }[]): string[] =>
          [...spans, { start: whole.length, end: whole.length }].map(({ start }, index) =>
            whole.slice(spans[index - 1]?.end ?? 0, start),
          );
        let shift = 0;
        const written = applied.edits.map(({ start, end, text: replacement }) => {
          const at = start + shift;
          shift += replacement.length - (end - start);
          return { start: at, end: at + replacement.length };
        });
        expect(outside(applied.text, written)).toEqual(outside(text, applied.edits));
        expect(applied.edits.filter((edit) => !mayTouch(parseNotebook(text), operation, edit))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
    expect(Object.keys(done)).toHaveLength(12);
  });

  test("leaves every other cell as it was", () => {
    fc.assert(
      fc.property(foundNotebooks, operations, ({ text }, operation) => {
        const applied = tryApply(text, operation);
        if (applied === null || !("cell" in operation) || operation.type === "rename") return;
        const before = parseNotebook(text);
        const [own] = cellsOf(before).filter(({ path }) => path === operation.cell);
        const untouched = new Set(
          cellsOf(before)
            .filter(({ cell, container }) => cell !== own?.cell && container !== own?.cell)
            .map(({ cell }) => cell.name),
        );
        const kept = (notebook: Notebook): string[] =>
          fingerprints(notebook).filter((_, index) => untouched.has(cellsOf(notebook)[index]!.cell.name));
        expect(kept(parseNotebook(applied.text))).toEqual(kept(before));
      }),
      { numRuns: 800 },
    );
  });

  test("writes line ends as the file has them", () => {
    fc.assert(
      fc.property(foundNotebooks, operations, ({ text, lineEnd }, operation) => {
        const applied = tryApply(text, operation);
        if (applied === null || operation.type === "replace" || lineEnd === null) return;
        const others = lineEnd === "\r\n" ? /(?<!\r)\n|\r(?!\n)/ : lineEnd === "\n" ? /\r/ : /\n/;
        expect(applied.text).not.toMatch(others);
      }),
      { numRuns: 500 },
    );
  });

  test("on a cell that is not there is an error that names the nearest one", () => {
    const text = "---\nsheaf: 1\n---\n```js topic\n```\n";
    expect(() => applyOperation(text, { type: "remove", cell: "topc" })).toThrow(
      expect.objectContaining({
        code: "operation.no-cell",
        message: "there is no cell `topc`",
        cure: "Did you mean `topic`?",
      }),
    );
    expect(() => applyOperation(text, { type: "remove", cell: "xyzzy" })).toThrow(
      expect.objectContaining({ cure: "There are: topic." }),
    );
    expect(() => applyOperation("", { type: "remove", cell: "a" })).toThrow(
      expect.objectContaining({ cure: "There are: none yet." }),
    );
  });

  test("on several wordings at once is an error where one is meant", () => {
    const text = "---\nsheaf: 1\n---\n```js a.x\n1\n```\n```js a.y\n2\n```\n";
    expect(() => applyOperation(text, { type: "set-source", cell: "a", source: "3" })).toThrow(
      expect.objectContaining({
        code: "operation.ambiguous",
        message: "`a` names 2 cells",
        cure: "Name one: `a.x`, `a.y`.",
      }),
    );
    expect(applyOperation(text, { type: "set-source", cell: "A.Y", source: "3" }).text).toBe(text.replace("2", "3"));
  });
});

/** Whether an edit lies where an operation may change the text. */
function mayTouch(notebook: Notebook, operation: Operation, { start, end }: TextEdit): boolean {
  const { text, segments } = notebook;
  const cells = cellsOf(notebook);
  const isIn = (span: Span): boolean => span.start <= start && end <= span.end;
  const ofFence = ({ span, bodySpan }: Cell): boolean =>
    isIn({ start: span.start, end: bodySpan.start }) || isIn({ start: bodySpan.end, end: span.end });
  const named = (path: string): readonly PlacedCell[] => cells.filter((placed) => placed.path === path);
  const begin = text.startsWith("\uFEFF") ? 1 : 0;
  // New lines are put in between, and a fence around them may grow: nothing that is there goes.
  const isAdded = start === end;
  switch (operation.type) {
    case "replace":
      return start === operation.start && end === operation.end;
    case "edit":
      return operation.edits.some((edit) => isIn(edit));
    case "insert":
      return isAdded;
    case "remove":
      return named(operation.cell).some(({ cell: { span } }) => start === span.start && end === span.end);
    case "move":
      return isAdded || named(operation.cell).some(({ cell: { span } }) => start === span.start && end === span.end);
    case "rename":
      return segments.some((segment) => segment.kind !== "prose" && isIn(segment));
    case "set-prose":
      return isIn(segments[operation.segment]!);
    case "set-front-matter":
      return (
        (start === begin && isAdded) || segments.some((segment) => segment.kind === "front-matter" && isIn(segment))
      );
    case "set-source":
    case "set-configuration":
    case "set-configuration-text":
    case "set-kind":
    case "set-label":
      return named(operation.cell).some(
        ({ cell, container }) => isIn(cell.span) || (container !== null && ofFence(container)),
      );
  }
}

describe("set-source", () => {
  test("gives the cell that source and nothing else", () => {
    fc.assert(
      fc.property(
        notebooks,
        fc.oneof(
          sourceText,
          sourceText.map((source) => `---\n${source}`),
        ),
        fc.nat(),
        ({ text }, source, pick) => {
          const cells = cellsOf(parseNotebook(text)).filter(
            ({ cell }) => cell.kind !== "retrieve" && cell.kind !== "sheet",
          );
          fc.pre(cells.length > 0);
          const { path, cell } = cells[pick % cells.length]!;
          const after = parseNotebook(applyOperation(text, { type: "set-source", cell: path, source }).text);
          const changed = cellsOf(after).find((placed) => placed.path === path)!.cell;
          expect(changed.source).toBe(source);
          expect(changed.configuration.values).toEqual(cell.configuration.values);
        },
      ),
      { numRuns: 600 },
    );
  });

  const head = "---\nsheaf: 1\n---\n";
  test.each([
    ["lengthens the fence just enough", "```js a\nx\n```\n", "````\n", "`````js a\n````\n\n`````\n"],
    ["lengthens a shorter closing fence only", "```js a\nx\n`````\n", "````", "`````js a\n````\n`````\n"],
    ["does not lengthen for a fence of the other character", "```js a\nx\n```\n", "~~~~", "```js a\n~~~~\n```\n"],
    ["does not lengthen for an opening fence", "```js a\nx\n```\n", "````js", "```js a\n````js\n```\n"],
    ["does not lengthen for an indented one", "```js a\nx\n```\n", "    ````", "```js a\n    ````\n```\n"],
    ["indents new lines as the fence is", "  ```js a\n  x\n  ```\n", "x\n\n y", "  ```js a\n  x\n\n   y\n  ```\n"],
    [
      "puts an empty configuration before three hyphens",
      "```js a\nx\n```\n",
      "---\ny",
      "```js a\n---\n---\n---\ny\n```\n",
    ],
    ["keeps the configuration", "```js a\n---\nk: 1\n---\nx\n```\n", "y\nz", "```js a\n---\nk: 1\n---\ny\nz\n```\n"],
    ["empties a cell", "```js a\nx\n```\n", "", "```js a\n```\n"],
    ["fills an empty one", "```js a\n```\n", "x", "```js a\nx\n```\n"],
    [
      "takes the whole text of a kind without a body",
      "```chart a\ntype: bar # c\n```\n",
      "type: line\nx: b",
      "```chart a\ntype: line\nx: b\n```\n",
    ],
    ["takes a text with any line ends", "```js a\nx\n```\n", "1\r\n2\r3", "```js a\n1\n2\n3\n```\n"],
  ])("%s", (_, cell, source, expected) => {
    expect(applyOperation(head + cell, { type: "set-source", cell: "a", source }).text).toBe(head + expected);
  });

  test("in a sheet lengthens the sheet's fence too, where it must", () => {
    const text = `${head}\`\`\`\`sheet s\n\`\`\`js a\nx\n\`\`\`\n\`\`\`\`\n`;
    expect(applyOperation(text, { type: "set-source", cell: "s.a", source: "```" }).text).toBe(
      `${head}\`\`\`\`\`sheet s\n\`\`\`\`js a\n\`\`\`\n\`\`\`\`\n\`\`\`\`\`\n`,
    );
    expect(
      applyOperation(text.replaceAll("````", "~~~"), { type: "set-source", cell: "s.a", source: "~~~~" }).text,
    ).toBe(`${head}~~~~~sheet s\n\`\`\`js a\n~~~~\n\`\`\`\n~~~~~\n`);
  });

  test("keeps the bytes of lines that stay", () => {
    const text = `${head}\`\`\`js a\r\n1\r\n2\n3\r\n\`\`\`\n`;
    const { edits, text: after } = applyOperation(text, { type: "set-source", cell: "a", source: "1\n5\n3" });
    expect(after).toBe(`${head}\`\`\`js a\r\n1\r\n5\n3\r\n\`\`\`\n`);
    expect(edits).toEqual([{ start: 29, end: 31, text: "5\n" }]);
  });
});

describe("set-configuration", () => {
  test("sets that value and keeps every other", () => {
    let [tried, done] = [0, 0];
    fc.assert(
      fc.property(notebooks, steps, values, fc.nat(), ({ text }, path, value, pick) => {
        tried += 1;
        const cells = cellsOf(parseNotebook(text));
        const { path: name, cell } = cells[pick % cells.length]!;
        const applied = tryApply(text, { type: "set-configuration", cell: name, path, value });
        if (applied === null) return;
        done += 1;
        const changed = cellsOf(parseNotebook(applied.text)).find((placed) => placed.path === name)!.cell;
        expect(canonicalJson(changed.configuration.values)).toBe(
          canonicalJson(withValue(cell.configuration.values, path, value) as never),
        );
        expect(changed.source).toBe(cell.source);
      }),
      { numRuns: 800 },
    );
    expect(done / tried).toBeGreaterThan(0.25);
  });

  const yaml =
    "# head\nmodels: [small, big] # which\nvary:\n  # tones\n  tone: [a, b]\n  shots:\n    - 0 # none\n    - 5\n\n# text\ntext: |\n  one\n  two\n" +
    "list:\n- a: 1\n  b: 2\n- c: 3\nempty:\nwith: { message: =row.text } # bind\nend: x # last\n";
  const cell = (configuration: string): string =>
    `---\nsheaf: 1\n---\n\`\`\`js a\n---\n${configuration}---\nx\n\`\`\`\n`;

  test.each<[string, readonly (string | number)[], Parameters<typeof withValue>[2], string, string]>([
    ["a list", ["models"], ["small"], "[small, big]", "[small]"],
    ["a new item", ["models", 2], "huge", "big]", "big, huge]"],
    ["an item away", ["models", 0], undefined, "small, big", "big"],
    ["a mapping's entry away, its comment kept", ["vary", "tone"], undefined, "  tone: [a, b]\n", ""],
    ["an item of a list in lines away", ["vary", "shots", 0], undefined, "    - 0 # none\n", ""],
    ["an item to a list in lines", ["vary", "shots", 2], 7, "    - 5\n", "    - 5\n    - 7\n"],
    [
      "an entry to a mapping in lines",
      ["vary", "temperature"],
      [0, 1],
      "    - 5\n",
      "    - 5\n  temperature: [0, 1]\n",
    ],
    ["a list in lines to one in a line", ["vary", "shots"], [1], "shots:\n    - 0 # none\n    - 5", "shots: [1]"],
    ["a text in lines to one in a line", ["text"], "three\n", "text: |\n  one\n  two\n", 'text: "three\\n"\n'],
    ["a text in lines away", ["text"], undefined, "text: |\n  one\n  two\n", ""],
    ["the first entry of a mapping in a list away", ["list", 0, "a"], undefined, "- a: 1\n  b: 2", "- b: 2"],
    ["an entry to a mapping in a list", ["list", 0, "z"], { q: [1] }, "  b: 2\n", "  b: 2\n  z: { q: [1] }\n"],
    ["the only entry away", ["list", 1, "c"], undefined, "- c: 3", "- {}"],
    ["a value where there is none", ["empty"], 3, "empty:", "empty: 3"],
    ["a mapping on the way", ["empty", "x", "y"], "=a", "empty:", "empty: { x: { y: =a } }"],
    ["an expression in place", ["with", "message"], "=row.body", "=row.text", "=row.body"],
    ["an expression with a comma in quotes", ["with", "n"], "=max(a, 2)", "text }", 'text, n: "=max(a, 2)" }'],
    ["the only entry of a mapping in a line away", ["with", "message"], undefined, "{ message: =row.text }", "{}"],
    ["a new key at the end", ["new"], true, "# last\n", "# last\nnew: true\n"],
    ["the last key away", ["end"], undefined, "end: x # last\n", ""],
    ["a value that needs quotes", ["end"], "yes: no", "end: x", 'end: "yes: no"'],
    ["a text that looks like a number", ["end"], "0.10", "end: x", 'end: "0.10"'],
    ["a whole mapping away", ["vary"], undefined, yaml.slice(yaml.indexOf("vary"), yaml.indexOf("\n# text")), ""],
  ])("sets %s and nothing beside it", (_, path, value, from, to) => {
    const applied = applyOperation(cell(yaml), { type: "set-configuration", cell: "a", path, value });
    expect(applied.text).toBe(cell(yaml.replace(from, () => to)));
  });

  test("makes the configuration where there is none, and takes it away with its last value", () => {
    const bare = "---\nsheaf: 1\n---\n  ```js a\r\n  x\r\n  ```\r\n";
    const withOne = "---\nsheaf: 1\n---\n  ```js a\r\n  ---\n  vary: { tone: [a] }\n  ---\n  x\r\n  ```\r\n";
    expect(
      applyOperation(bare, { type: "set-configuration", cell: "a", path: ["vary", "tone"], value: ["a"] }).text,
    ).toBe(withOne);
    expect(
      applyOperation(withOne, { type: "set-configuration", cell: "a", path: ["vary"], value: undefined }).text,
    ).toBe(bare);
    expect(applyOperation(bare, { type: "set-configuration", cell: "a", path: ["b"], value: undefined })).toMatchObject(
      { text: bare, edits: [] },
    );
  });

  test("keeps an empty block before a source that begins with three hyphens", () => {
    const text = "---\nsheaf: 1\n---\n```js a\n---\nk: 1\n---\n---\n```\n";
    expect(applyOperation(text, { type: "set-configuration", cell: "a", path: ["k"], value: undefined }).text).toBe(
      text.replace("k: 1\n", ""),
    );
  });

  test("of a kind without a body needs no `---` lines", () => {
    const text = "---\nsheaf: 1\n---\n  ```chart a\n  ```\n";
    const once = applyOperation(text, { type: "set-configuration", cell: "a", path: ["x"], value: "b" }).text;
    expect(once).toBe("---\nsheaf: 1\n---\n  ```chart a\n  x: b\n  ```\n");
    expect(applyOperation(once, { type: "set-configuration", cell: "a", path: ["y"], value: ["c"] }).text).toBe(
      "---\nsheaf: 1\n---\n  ```chart a\n  x: b\n  y: [c]\n  ```\n",
    );
  });

  test("refuses what it cannot do without touching more", () => {
    const refuse = (configuration: string, path: readonly (string | number)[], value: string | undefined) => () =>
      applyOperation(cell(configuration), { type: "set-configuration", cell: "a", path, value });
    expect(refuse("a: &x [1]\nb: *x\n", ["a"], undefined)).toThrow(
      expect.objectContaining({
        code: "operation.configuration",
        message: "`a` cannot be set without changing other parts",
      }),
    );
    expect(refuse("a: [1\n", ["b"], "c")).toThrow(expect.objectContaining({ cure: "Correct its text first." }));
    expect(refuse("- a\n", ["b"], "c")).toThrow(expect.objectContaining({ cure: "Correct its text first." }));
    expect(refuse("a: [1]\n", ["a", 3], "c")).toThrow(
      expect.objectContaining({ message: "the list has no place 3", cure: "Give an index from 0 to 1." }),
    );
    expect(refuse("a: 1\n", [], "c")).toThrow(expect.objectContaining({ message: "a value has no key" }));
  });
});

describe("set-front-matter", () => {
  const set = (text: string, path: readonly (string | number)[], value: Parameters<typeof withValue>[2]): string =>
    applyOperation(text, { type: "set-front-matter", path, value }).text;

  test("keeps everything else", () => {
    const text = "---\r\nsheaf: 1 # version\r\ninputs:\r\n  a: string\r\n---\r\n# Hi\r\n";
    expect(set(text, ["inputs", "b"], { type: "number" })).toBe(
      text.replace("a: string\r\n", "a: string\r\n  b: { type: number }\r\n"),
    );
    expect(set(text, ["title"], "New")).toBe(text.replace("a: string\r\n", "a: string\r\ntitle: New\r\n"));
    expect(set(text, ["inputs"], undefined)).toBe("---\r\nsheaf: 1 # version\r\n---\r\n# Hi\r\n");
  });

  test("makes a notebook of Markdown", () => {
    expect(set("# Hi\n", ["sheaf"], 1)).toBe("---\nsheaf: 1\n---\n# Hi\n");
    expect(set("\uFEFF# Hi\r\n", ["sheaf"], 1)).toBe("\uFEFF---\r\nsheaf: 1\r\n---\r\n# Hi\r\n");
    expect(set("# Hi\n", ["title"], undefined)).toBe("# Hi\n");
  });
});
