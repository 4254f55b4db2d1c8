import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "./canonical-json.ts";
import { cellsOf } from "./cells-of.ts";
import { filePosition } from "./file-position.ts";
import { formatNotebook } from "./format-notebook.ts";
import { maximumNotebookLength, parseNotebook, printNotebook } from "./format.ts";
import type { Cell } from "./notebook.ts";
import { anyText, notebooks, type CellPlan } from "./test-notebooks.ts";

const head = "---\nsheaf: 1\n---\n";

function summary(cell: Cell): unknown {
  const { kind, name, configuration, source, cells } = cell;
  return {
    kind,
    name,
    configuration: configuration.values,
    source: kind === "sheet" ? null : source,
    cells: cells.map(summary),
  };
}

function planned({ kind, name, configuration, source, cells }: CellPlan): unknown {
  return {
    kind,
    name,
    configuration: configuration ?? {},
    source: kind === "sheet" ? null : source,
    cells: cells.map(planned),
  };
}

describe("parsing and printing", () => {
  test("give back any text, whose segments partition it", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const notebook = parseNotebook(text);
        expect(printNotebook(notebook)).toBe(text);
        let at = 0;
        for (const segment of notebook.segments) {
          expect(segment.start).toBe(at);
          expect(segment.end).toBeGreaterThan(at);
          at = segment.end;
        }
        expect(at).toBe(text.length);
      }),
      { numRuns: 4_000 },
    );
  });

  test("give back generated notebooks cell for cell, whatever their line ends", () => {
    fc.assert(
      fc.property(notebooks, ({ cells, text }) => {
        const notebook = parseNotebook(text);
        expect(printNotebook(notebook)).toBe(text);
        expect(notebook.diagnostics).toEqual([]);
        expect(canonicalJson(notebook.cells.map(summary) as never)).toBe(canonicalJson(cells.map(planned) as never));
        expect(
          notebook.segments.filter(({ kind }) => kind === "cell").map(({ start, end }) => ({ start, end })),
        ).toEqual(notebook.cells.map(({ span }) => span));
      }),
      { numRuns: 500 },
    );
  });

  test("map every offset of a source to the same character in the file", () => {
    fc.assert(
      fc.property(notebooks, ({ text }) => {
        for (const { cell } of cellsOf(parseNotebook(text))) {
          for (let offset = 0; offset < cell.source.length; offset += 1) {
            const { line, column, offset: place } = filePosition(text, cell, offset);
            const character = cell.source[offset]!;
            expect(text[place]).toBe(character === "\n" ? /[\r\n]/.exec(text)![0] : character);
            expect(text.split(/\r\n|\r|\n/)[line - 1]![column - 1] ?? "\n").toBe(character);
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  test("leave READMEs of installed packages as they are and find no cells in them", () => {
    const folder = new URL("../../node_modules", import.meta.url).pathname;
    const readmes = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.name.startsWith(".") && (entry.isDirectory() || entry.isSymbolicLink()))
      .flatMap(({ name }) =>
        name.startsWith("@") ? readdirSync(join(folder, name)).map((inner) => join(name, inner)) : [name],
      )
      .flatMap((name) =>
        readdirSync(join(folder, name))
          .filter((file) => /^readme\.md$/i.test(file))
          .map((file) => join(folder, name, file)),
      );
    expect(readmes.length).toBeGreaterThan(100);
    for (const readme of readmes) {
      const text = readFileSync(readme, "utf8");
      const notebook = parseNotebook(text);
      expect(printNotebook(notebook)).toBe(text);
      expect({
        readme,
        cells: notebook.cells,
        isNotebook: notebook.isNotebook,
        diagnostics: notebook.diagnostics,
      }).toEqual({
        readme,
        cells: [],
        isNotebook: false,
        diagnostics: [],
      });
      // Even declared a notebook, a README's code examples are prose.
      const declared = parseNotebook(head + text);
      expect({ readme, cells: declared.cells.map(({ name }) => name) }).toEqual({ readme, cells: [] });
    }
  });
});

test("the example comes out as it is meant", () => {
  const text = readFileSync(new URL("../../public/examples/card-triage.md", import.meta.url), "utf8");
  const notebook = parseNotebook(text);
  expect(notebook.diagnostics).toEqual([]);
  expect(formatNotebook(text)).toBe(text);
  expect(notebook.front).toMatchObject({
    title: "Card triage",
    inputs: [{ name: "message", type: "string", default: "My card still has not arrived" }],
    models: { small: { model: "local/smollm2-135m-instruct" }, large: { model: "local/gemma-3-270m" } },
    choose: { model: "small", shots: "5" },
  });
  expect(cellsOf(notebook).map(({ cell, path }) => `${cell.kind} ${path}`)).toEqual([
    "sql known",
    "retrieve examples",
    "js vote",
    "prompt topic",
    "sql tickets",
    "sheet triage",
    "score triage.vote_correct",
    "score triage.correct",
    "sql comparison",
    "chart accuracy",
    "test gate",
  ]);
  const score = cellsOf(notebook).find(({ path }) => path === "triage.correct")!.cell;
  expect([score.configuration.values, score.source]).toEqual([
    { output: "=topic", expected: "=row.category" },
    "- equals",
  ]);
});

test("a place in a source is one in the file, kept within it", () => {
  const text = "---\r\nsheaf: 1\r\n---\r\n  ```js a\r\n  one\r\n   two\r\n  ```\r\n";
  const [cell] = parseNotebook(text).cells;
  expect(cell!.source).toBe("one\n two");
  expect(filePosition(text, cell!, 0, 3)).toEqual({ line: 5, column: 3, offset: 33, length: 3 });
  expect(filePosition(text, cell!, 5, 3)).toEqual({ line: 6, column: 4, offset: 41, length: 3 });
  expect(filePosition(text, cell!, 2, 4)).toEqual({ line: 5, column: 5, offset: 35, length: 7 });
  expect(filePosition(text, cell!, 99, 5)).toEqual({ line: 6, column: 7, offset: 44, length: 0 });
  expect(filePosition(text, cell!, -4, 2)).toEqual({ line: 5, column: 3, offset: 33, length: 0 });
});

describe("a cell", () => {
  test("is a fence whose info string is a kind and a name", () => {
    const { cells, diagnostics } = parseNotebook(
      `${head}\`\`\`sql  tickets \t\nfrom a\n\`\`\`\n~~~js rate\nreturn 1\n~~~\n\`\`\`sql\nfrom b\n\`\`\`\n`,
    );
    expect(cells.map(({ kind, name, label, source }) => [kind, name, label, source])).toEqual([
      ["sql", "tickets", null, "from a"],
      ["js", "rate", null, "return 1"],
    ]);
    expect(diagnostics).toEqual([]);
  });

  test("has its spans and its position", () => {
    const text = `${head}\r\n  \`\`\`prompt topic.short\r\n  ---\r\n  k: 1\r\n  ---\r\n  a\r\n\r\n  \`\`\`\r\nend`;
    const [cell] = parseNotebook(text).cells;
    expect(cell!.label).toBe("short");
    expect(text.slice(cell!.span.start, cell!.span.end)).toMatch(/^ {2}```prompt[^]*```\r\n$/);
    expect(text.slice(cell!.bodySpan.start, cell!.bodySpan.end)).toBe("  ---\r\n  k: 1\r\n  ---\r\n  a\r\n\r\n");
    expect(text.slice(cell!.sourceSpan.start, cell!.sourceSpan.end)).toBe("a\r\n");
    expect(cell!.source).toBe("a\n");
    expect(cell!.position).toEqual({ line: 5, column: 3, offset: 21, length: 21 });
    expect(cell!.configuration.positions["k"]).toEqual({ line: 7, column: 6, offset: 56, length: 1 });
  });

  test("without a body takes its whole text as configuration, also between `---` lines", () => {
    const { cells, diagnostics } = parseNotebook(
      `${head}\`\`\`retrieve a\nfrom: b\nk: 5\n\`\`\`\n\`\`\`chart c\n---\ntype: bar\n---\n\`\`\`\n\`\`\`label d\n\`\`\`\n`,
    );
    expect(cells.map(({ configuration, source }) => [configuration.values, source])).toEqual([
      [{ from: "b", k: 5 }, ""],
      [{ type: "bar" }, ""],
      [{}, ""],
    ]);
    expect(diagnostics).toEqual([]);
  });

  test("of a sheet stands in it, and its fence may be shorter only", () => {
    const text = `${head}~~~~sheet triage\n---\nrows: a\n---\nProse.\n~~~score correct\n- equals\n~~~\n- a list\n  ~~~js none\n  ~~~\n~~~~\n`;
    const { cells } = parseNotebook(text);
    expect(cells.map(({ name, cells: inner }) => [name, inner.map((cell) => cell.name)])).toEqual([
      ["triage", ["correct"]],
    ]);
    const [nested] = cells[0]!.cells;
    expect(text.slice(nested!.span.start, nested!.span.end)).toBe("~~~score correct\n- equals\n~~~\n");
    expect(cellsOf({ cells }).map(({ path, container }) => [path, container?.name ?? null])).toEqual([
      ["triage", null],
      ["triage.correct", "triage"],
    ]);
  });

  test("keeps NUL, lone surrogates, tabs and a missing final newline", () => {
    const text = `\uFEFF---\nsheaf: 1\n---\n\`\`\`template a\n\t\u0000\uD800x\t\n\`\`\``;
    const notebook = parseNotebook(text);
    expect(notebook.cells[0]!.source).toBe("\t\u0000\uD800x\t");
    expect(notebook.cells[0]!.span.end).toBe(text.length);
    expect(notebook.segments[0]).toEqual({ kind: "front-matter", start: 0, end: 18 });
  });
});

describe("what is no notebook", () => {
  test("has no cells and nothing wrong with it", () => {
    for (const text of [
      "",
      "# Title\n",
      "---\ntitle: x\n---\n```sql a\n```\n",
      "---\nsheaf: 1\n",
      "\u0000\u0001PK\u0003\u0004\uFFFD",
      "---\n- a\n",
    ]) {
      const { isNotebook, cells } = parseNotebook(text);
      expect({ text, isNotebook, cells }).toEqual({ text, isNotebook: false, cells: [] });
    }
    expect(parseNotebook("---\ntitle: x\n---\n").diagnostics).toEqual([]);
  });

  test("is a text of more than five million characters, refused at once", () => {
    const text = `${head}${"x".repeat(maximumNotebookLength)}`;
    const start = performance.now();
    const notebook = parseNotebook(text);
    expect(performance.now() - start).toBeLessThan(200);
    expect(notebook.isNotebook).toBe(false);
    expect(notebook.diagnostics).toEqual([
      {
        severity: "error",
        code: "notebook.too-large",
        message: "the text has 5000017 characters; a notebook has at most 5000000",
        cure: "Move data into files under `datasets/` and read them with a data or sql cell.",
        position: { line: 1, column: 1, offset: 0, length: 0 },
      },
    ]);
    expect(printNotebook(notebook)).toBe(text);
  });

  test("is one of an unknown version, which says what is known", () => {
    const { isNotebook, cells, diagnostics } = parseNotebook("---\ntitle: x\nsheaf: 2\n---\n```sql a\n```\n");
    expect({ isNotebook, cells }).toEqual({ isNotebook: false, cells: [] });
    expect(diagnostics).toEqual([
      {
        severity: "error",
        code: "notebook.version",
        message: 'version "2" of the format is not known; known is 1',
        cure: "Open the notebook with a newer release, or write `sheaf: 1`.",
        position: { line: 3, column: 8, offset: 20, length: 1 },
      },
    ]);
  });
});
