import fc from "fast-check";

/** Pieces of Markdown that open, close or look like blocks: text made of them finds what a parser overlooks. */
const pieces = [
  ...'``` ```` ~~~ ~~~~ ```sql`x ` ~ > - * + = # ( ) [ ] : < " \\ _'.split(" "),
  ..."<div> </div> <x> </x> <pre/> <!-- --> <? ?> <!A <script> </script> <![CDATA[ ]]>".split(" "),
  ...[
    "  ```",
    "    ```",
    "\t```",
    "> ",
    "- ",
    "1. ",
    "2. ",
    "10) ",
    "-\n",
    "---",
    "***",
    "_ _ _",
    "===\n",
    "# h",
    "foo",
  ],
  ...["<x y='a'>", "[a]: b", "[a]:", "[a]: <b> (t)\n", "'t'", '"t', "(t)", " ", "   ", "    ", "\t", "bar"],
  ...["\n", "\n", "\n", "\n", "\n", "\n", "\n", "\n", "\n\n", "\r\n", "\r", "```\n", "\n```\n", "\n~~~\n"],
];

/** Markdown rich in fences, lists, quotes and HTML, well formed or not. */
export const markdown = fc
  .array(fc.constantFrom(...pieces), { minLength: 3, maxLength: 18 })
  .map((parts) => parts.join(""));

const notebookPieces = [
  ...pieces,
  ...[
    "---\nsheaf: 1\n---\n",
    "---\n",
    "```sql a\n",
    "````sheet s\n",
    "```prompt b\n",
    "~~~template c\n",
    "```chart d\n",
  ],
  ...["rows: a\n", "k: [1\n", "{{ a }}", "\uFEFF", "\u0000", "\uD800", "sheaf: 1\n"],
];

/** Any text at all, and text that comes near to a notebook. */
export const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.array(fc.constantFrom(...notebookPieces), { maxLength: 24 }).map((parts) => parts.join("")),
  fc
    .array(fc.constantFrom(...notebookPieces), { maxLength: 24 })
    .map((parts) => `---\nsheaf: 1\n---\n${parts.join("")}`),
);

/** A cell to be written out. */
export interface CellPlan {
  readonly kind: string;
  readonly name: string;
  readonly configuration: { readonly [key: string]: string | number | boolean | readonly (string | number)[] } | null;
  readonly source: string;
  readonly cells: readonly CellPlan[];
  readonly marker: "`" | "~";
  readonly indentation: number;
}

const line = fc.oneof(
  fc.constantFrom(
    "",
    "text",
    "  indented",
    "\ttab",
    "```",
    "````",
    "~~~",
    "```sql x",
    "--- ",
    "{{ a }}",
    "# h",
    "> q",
    "- i",
    "é😀",
    "`",
  ),
  fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => text.replace(/[\r\n]/g, " ")),
);

/** A source: lines as people write them, also ones that look like fences. */
export const sourceText = fc
  .array(line, { maxLength: 5 })
  .map((lines) => lines.join("\n"))
  .filter((source) => !/^---[ \t]*(\n|$)/.test(source));

const value = fc.oneof(
  fc.constantFrom(
    "=row.text",
    "small",
    "a: b",
    "# no",
    "",
    " x",
    "true",
    "12",
    "0.10",
    "[",
    "=max(a, 2)",
    "it's",
    'a "b"',
    "é",
  ),
  fc.integer({ min: -5, max: 5 }),
  fc.boolean(),
  fc.array(fc.constantFrom<string | number>("a", "b c", 1, 0.5), { maxLength: 3 }),
);

/** A configuration as a plain mapping. */
export const configurationValues = fc.dictionary(fc.constantFrom("models", "k", "title", "text", "zeta"), value, {
  minKeys: 1,
  maxKeys: 3,
  noNullPrototype: true,
});

function plan(name: string, nested: boolean): fc.Arbitrary<CellPlan> {
  const kinds = nested ? ["template", "score", "js"] : ["template", "prompt", "sql", "js", "sheet", "retrieve"];
  return fc
    .record({
      kind: fc.constantFrom(...kinds),
      configuration: fc.option(configurationValues),
      source: sourceText,
      inner: fc.integer({ min: 0, max: 2 }),
      marker: fc.constantFrom("`" as const, "~" as const),
      indentation: fc.constantFrom(0, 0, 0, 1, 3),
    })
    .chain(({ inner, ...rest }) => {
      const isSheet = rest.kind === "sheet";
      const children = isSheet ? Array.from({ length: inner }, (_, index) => plan(`${name}_${index}`, true)) : [];
      return fc.tuple(...children).map((cells) => ({
        ...rest,
        name,
        cells,
        source: isSheet || rest.kind === "retrieve" ? "" : rest.source,
        configuration: rest.kind === "retrieve" ? (rest.configuration ?? { k: 5 }) : rest.configuration,
      }));
    });
}

/** The cells of a notebook, named `c0`, `c1`, …; those in a sheet `c0_0`, `c0_1`. */
export const cellPlans = fc
  .integer({ min: 1, max: 4 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => plan(`c${index}`, false))));

/** A cell written out by hand, without the code under test: a fence that is long enough, then configuration, then source. */
export function writeCell(cell: CellPlan): string {
  const { configuration, kind } = cell;
  const matter = Object.entries(configuration ?? {}).map(([key, item]) => `${key}: ${JSON.stringify(item)}`);
  const head = configuration === null ? [] : kind === "retrieve" ? matter : ["---", ...matter, "---"];
  const nested = cell.cells.flatMap((inner) => writeCell(inner).split("\n"));
  const body = [...head, ...(kind === "sheet" ? nested : cell.source === "" ? [] : cell.source.split("\n"))];
  const runs = body.flatMap((text) => /^ *([`~]+)/.exec(text)?.[1]?.length ?? 0);
  const fence = cell.marker.repeat(Math.max(2, ...runs) + 1);
  const lines = [`${fence}${kind} ${cell.name}`, ...body, fence];
  return lines.map((text) => (text === "" ? "" : " ".repeat(cell.indentation) + text)).join("\n");
}

/** A notebook of cells with prose between them, as text with the given line ends. */
export function writeNotebook(cells: readonly CellPlan[], lineEnd: string): string {
  const text = `---\nsheaf: 1\ntitle: Generated\n---\n\nProse.\n\n${cells.map(writeCell).join("\n\nMore prose.\n\n")}\n`;
  return text.replaceAll("\n", lineEnd);
}

/** Generated cells and the text of the notebook they make. */
export const notebooks = fc
  .record({ cells: cellPlans, lineEnd: fc.constantFrom("\n", "\n", "\r\n", "\r") })
  .map(({ cells, lineEnd }) => ({ cells, lineEnd, text: writeNotebook(cells, lineEnd) }));

/**
 * Those, and the same as files of other hands have them: with a byte order mark, without the last line end, with other line ends among
 * the lines, and with the last fence left open.
 */
export const foundNotebooks = fc
  .tuple(
    notebooks,
    fc.record({
      mark: fc.boolean(),
      isCut: fc.boolean(),
      isOpen: fc.boolean(),
      isMixed: fc.constantFrom(false, false, true),
    }),
  )
  .map(([{ text, lineEnd, ...rest }, { mark, isCut, isOpen, isMixed }]) => {
    const lines = text.split(lineEnd).slice(0, -1);
    const whole = (isOpen ? lines.slice(0, -1) : lines).join(lineEnd) + (isCut ? "" : lineEnd);
    const other = lineEnd === "\n" ? "\r\n" : "\n";
    const found =
      (mark ? "\uFEFF" : "") +
      (isMixed ? whole.replace(`${lineEnd}Prose.${lineEnd}`, `${lineEnd}Prose.${other}`) : whole);
    return { ...rest, text: found, lineEnd: isMixed ? null : lineEnd };
  });
