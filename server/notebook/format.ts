import { positionsOf } from "./positions-of.ts";
import { firstForms, type CellForms } from "./cell-forms.ts";
import { cellsOf } from "./cells-of.ts";
import { parseMapping } from "./configuration/parse-mapping.ts";
import type { Cell, Configuration, Diagnostic, Notebook, Segment } from "./notebook.ts";
import { emptyFrontMatter, readFrontMatter } from "./parse/front-matter.ts";
import { matterEnd } from "./parse/matter-end.ts";
import { nameDiagnostics } from "./parse/name-diagnostics.ts";
import { parseCells, type Source } from "./parse/parse-cells.ts";
import { linesOf } from "./text-lines.ts";
import { viewOf } from "./text-view.ts";
import type { Position } from "./value.ts";

/**
 * The longest text that is read as a notebook, in UTF-16 code units: some two thousand pages. Data belong in files beside it; at this
 * length the worst text takes seconds to parse and hundreds of megabytes, not minutes and gigabytes.
 */
export const maximumNotebookLength = 5_000_000;

/** The versions of the format that can be read. */
export const knownVersions: readonly number[] = [1];

/**
 * Parses the text of a notebook. It never throws and loses nothing: `printNotebook` gives the text back, and what is wrong
 * is in `diagnostics` with its place in the file and its cure. The format is described in `docs/document-format.md`. `forms` are the kinds there are.
 */
export function parseNotebook(text: string, forms: CellForms = firstForms): Notebook {
  if (text.length > maximumNotebookLength) return tooLarge(text, forms);
  const lines = linesOf(text);
  const diagnostics: Diagnostic[] = [];
  const source: Source = { text, lines, position: positionsOf(text), diagnostics, forms };
  const { configuration, end } = parseFrontMatter(source);

  const isNotebook = isKnownVersion(configuration, diagnostics);
  const front = isNotebook ? readFrontMatter(configuration, text, diagnostics) : emptyFrontMatter;
  const cells = isNotebook ? parseCells(source, end, lines.length, 0) : [];
  const names = isNotebook ? nameDiagnostics(front.inputs, cellsOf({ cells })) : [];

  const all = [...diagnostics, ...names].sort((left, right) => left.position.offset - right.position.offset);
  const segments = segmentsOf(text, end === 0 ? 0 : lines[end - 1]!.next, cells);
  return { text, forms, isNotebook, segments, front, cells, diagnostics: all };
}

/** The text of a notebook: its segments' slices, one behind the other. */
export function printNotebook(notebook: Notebook): string {
  return notebook.segments.map(({ start, end }) => notebook.text.slice(start, end)).join("");
}

/** The front matter's mapping, and how many lines it takes with both `---`; a byte order mark may precede it. */
function parseFrontMatter(source: Source): { readonly configuration: Configuration; readonly end: number } {
  const { text, lines, position, diagnostics } = source;
  const [first, ...rest] = lines;
  const head = first !== undefined && text.startsWith("\uFEFF") ? [{ ...first, start: 1 }, ...rest] : lines;
  const end = matterEnd(text, head);
  if (end === null || end === "unclosed") {
    if (end !== null && /^sheaf[ \t]*:/m.test(text)) diagnostics.push(unclosed(position(head[0]!.start, head[0]!.end)));
    return { configuration: { values: {}, positions: {} }, end: 0 };
  }
  const view = viewOf(text, lines.slice(1, end), lines[end]!.start);
  const parsed = parseMapping({ view, position, what: "the front matter" });
  for (const diagnostic of parsed.diagnostics) diagnostics.push(diagnostic);
  return { configuration: parsed.configuration, end: end + 1 };
}

function isKnownVersion(configuration: Configuration, diagnostics: Diagnostic[]): boolean {
  const version = configuration.values["sheaf"];
  if (version === undefined) return false;
  if (knownVersions.some((known) => known === version)) return true;
  diagnostics.push({
    severity: "error",
    code: "notebook.version",
    message: `version ${JSON.stringify(String(version))} of the format is not known; known is ${knownVersions.join(", ")}`,
    cure:
      typeof version === "string" && knownVersions.some((known) => String(known) === version)
        ? `Write it without quotes: \`sheaf: ${version}\`.`
        : `Open the notebook with a newer release, or write \`sheaf: ${knownVersions.at(-1)}\`.`,
    position: configuration.positions["sheaf"]!,
  });
  return false;
}

function unclosed(position: Position): Diagnostic {
  return {
    severity: "error",
    code: "notebook.unclosed-front-matter",
    message: "the front matter has no `---` line at its end, so this is not a notebook",
    cure: "Add a line `---` below the last key.",
    position,
  };
}

function segmentsOf(text: string, frontEnd: number, cells: readonly Cell[]): Segment[] {
  const segments: Segment[] = frontEnd === 0 ? [] : [{ kind: "front-matter", start: 0, end: frontEnd }];
  let at = frontEnd;
  for (const { span } of cells) {
    if (span.start > at) segments.push({ kind: "prose", start: at, end: span.start });
    segments.push({ kind: "cell", start: span.start, end: span.end });
    at = span.end;
  }
  if (at < text.length) segments.push({ kind: "prose", start: at, end: text.length });
  return segments;
}

function tooLarge(text: string, forms: CellForms): Notebook {
  const diagnostic: Diagnostic = {
    severity: "error",
    code: "notebook.too-large",
    message: `the text has ${text.length} characters; a notebook has at most ${maximumNotebookLength}`,
    cure: "Move data into files under `datasets/` and read them with a data or sql cell.",
    position: { line: 1, column: 1, offset: 0, length: 0 },
  };
  const segments: Segment[] = [{ kind: "prose", start: 0, end: text.length }];
  return { text, forms, isNotebook: false, segments, front: emptyFrontMatter, cells: [], diagnostics: [diagnostic] };
}
