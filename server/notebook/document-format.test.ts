import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { cellKinds } from "#server/cells/index.ts";
import { cellsOf } from "./cells-of.ts";
import { withEarlyFields } from "./early-fields.ts";
import { expressionsOf } from "./expressions-of.ts";
import { formatNotebook } from "./format-notebook.ts";
import { maximumNotebookLength, parseNotebook, printNotebook } from "./format.ts";
import { topLevelFences } from "./markdown/top-level-fences.ts";
import type { Input } from "./notebook.ts";
import { appendNotes, parseNotes } from "./notes.ts";
import { linesOf } from "./text-lines.ts";
import { toValue, type Datum } from "./value.ts";

const page = readFileSync(new URL("../../docs/document-format.md", import.meta.url), "utf8");
const lines = linesOf(page);
const blocks = topLevelFences(page, lines).map(({ info, open, close }) => ({
  language: page.slice(info.start, info.end),
  text: page.slice(lines[open]!.next, lines[close!]!.start),
}));
const examples = blocks.flatMap(({ language, text }, index) =>
  language === "markdown" ? [{ notebook: text, reads: blocks[index + 1]! }] : [],
);

function input({ name, type, options, default: standard }: Input): string {
  const choice = options === undefined ? "" : ` of ${options.join(", ")}`;
  return `input ${name}: ${type}${choice}${standard === undefined ? "" : ` = ${JSON.stringify(standard)}`}`;
}

/** What Sheaf reads in a notebook, as the page says it. */
function read(text: string): string {
  const notebook = parseNotebook(text);
  const defaults = notebook.front.inputs.map(
    ({ name, default: value }) => [name, { value: toValue(value ?? null) }] as const,
  );
  const early = cellsOf(withEarlyFields(notebook, cellKinds, new Map(defaults)).notebook);
  /** What an expression that is read before anything is computed comes to with the defaults. */
  const comesTo = (index: number, path: string): string => {
    const { positions, values } = early[index]!.cell.configuration;
    if (positions[`computed:${path}`] === undefined) return "";
    const value = path.split(".").reduce<Datum>((within, key) => (within as { [key: string]: Datum })[key]!, values);
    return ` → ${JSON.stringify(value)}`;
  };
  return [
    ...notebook.diagnostics.map(
      ({ position, severity, message, cure }) =>
        `${position.line}:${position.column} ${severity}: ${message} → ${cure}`,
    ),
    ...notebook.front.inputs.map(input),
    ...cellsOf(notebook).flatMap(({ cell, path }, index) => [
      `cell ${cell.kind} ${path}${cell.known ? "" : ", unknown"}`,
      ...expressionsOf(cell.configuration)
        .map(({ path, source }) => `  ${path} = ${source}${comesTo(index, path)}`)
        .sort(),
    ]),
  ].join("\n");
}

test("the page on the document has examples", () => {
  expect(examples).toHaveLength(7);
});

test.each(examples.map((example, index) => [index + 1, example] as const))(
  "the page says what is read in its example %i",
  (_, { notebook, reads }) => {
    expect(reads.language).toBe("text");
    expect(read(notebook)).toBe(reads.text.trimEnd());
    expect(printNotebook(parseNotebook(notebook))).toBe(notebook);
    expect(formatNotebook(notebook)).toBe(notebook);
  },
);

test("the page shows notes as they are written, and the limit as it is", () => {
  const { text } = blocks.find(({ language }) => language === "jsonl")!;
  const { notes, problems } = parseNotes(text);
  expect(problems).toEqual([]);
  expect(new Set(notes.map(({ type }) => type)).size).toBe(10);
  expect(appendNotes("", notes)).toBe(text);
  expect(page).toContain(`at most ${maximumNotebookLength / 1e6} million characters`);
});
