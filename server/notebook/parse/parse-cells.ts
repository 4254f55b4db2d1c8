import { parseMapping } from "../configuration/parse-mapping.ts";
import { topLevelFences, type Fence } from "../markdown/top-level-fences.ts";
import { isAllConfiguration, isContainer, type CellForms } from "../cell-forms.ts";
import type { Cell, Configuration, Diagnostic } from "../notebook.ts";
import { isBlank, withoutIndentation, type Line } from "../text-lines.ts";
import { viewOf } from "../text-view.ts";
import type { Position } from "../value.ts";
import { readFenceInfo } from "./fence-info.ts";
import { matterEnd } from "./matter-end.ts";

/** A file being parsed. */
export interface Source {
  readonly text: string;
  readonly lines: readonly Line[];
  readonly position: (start: number, end: number) => Position;
  readonly diagnostics: Diagnostic[];
  readonly forms: CellForms;
}

/** Sheets deeper than this are read as text: nobody writes them, and each level reads the text again. */
const maximumNesting = 8;

/** The cells among the lines from `from` up to `to`, whose content is indented by `indentation` spaces. */
export function parseCells(source: Source, from: number, to: number, indentation: number, depth = 0): Cell[] {
  const { text } = source;
  const lines = withoutIndentation(text, source.lines.slice(from, to), indentation);
  const cells: Cell[] = [];
  const hidden = ({ marker, info }: Pick<Fence, "marker" | "info">): void => {
    if (readFenceInfo(text.slice(info.start, info.end), source.forms).cell?.known !== true) return;
    source.diagnostics.push({
      severity: "warning",
      code: "notebook.fence-in-html",
      message: "this fence stands right below HTML, so it is prose",
      cure: "Put an empty line between them.",
      position: source.position(marker.start, info.end),
    });
  };
  for (const fence of topLevelFences(text, lines, hidden)) {
    const info = readFenceInfo(text.slice(fence.info.start, fence.info.end), source.forms);
    const position = source.position(fence.marker.start, Math.max(fence.marker.end, fence.info.end));
    if (fence.close === null) {
      const marker = text.slice(fence.marker.start, fence.marker.end);
      source.diagnostics.push({
        severity: info.cell === null ? "warning" : "error",
        code: "notebook.unclosed-fence",
        message: `this fence is not closed, so everything below it is prose`,
        cure: `Add a line \`${marker}\` where it ends.`,
        position,
      });
      continue;
    }
    const name = info.cell?.name;
    for (const finding of info.findings)
      source.diagnostics.push({ ...finding, position, ...(name === undefined ? {} : { cell: name }) });
    if (info.cell !== null)
      cells.push(
        parseCell(source, { ...fence, open: from + fence.open, close: from + fence.close }, info.cell, position, depth),
      );
  }
  return cells;
}

function parseCell(
  source: Source,
  fence: Fence & { readonly close: number },
  head: Pick<Cell, "kind" | "form" | "known" | "name" | "label">,
  position: Position,
  depth: number,
): Cell {
  const { text, lines, diagnostics } = source;
  const opening = lines[fence.open]!;
  const closing = lines[fence.close]!;
  // The content loses as many spaces as stand before the fence in the file, so that this can be told from the file alone.
  const indentation = fence.marker.start - opening.start;
  const body = withoutIndentation(text, lines.slice(fence.open + 1, fence.close), indentation);
  const matter = matterOf(source, body, head, position);

  const [closingContent] = withoutIndentation(text, [closing], indentation);
  let configuration: Configuration = { values: {}, positions: {} };
  if (matter.end > matter.start) {
    const end = matter.end < body.length ? body[matter.end]!.start : closingContent!.start;
    const view = viewOf(text, body.slice(matter.start, matter.end), end);
    const what = `the configuration of \`${head.name}\``;
    const parsed = parseMapping({ view, position: source.position, what, cell: head.name });
    for (const diagnostic of parsed.diagnostics) diagnostics.push(diagnostic);
    configuration = parsed.configuration;
  }

  const below = body.slice(matter.source);
  const sourceText = viewOf(text, below, closing.start).text;
  const sourceSpan =
    below.length === 0
      ? { start: closing.start, end: closing.start }
      : { start: below[0]!.start, end: below.at(-1)!.end };
  const nested = isContainer(head.form) && depth < maximumNesting;
  return {
    ...head,
    configuration,
    source: sourceText.slice(0, -1),
    cells: nested ? parseCells(source, fence.open + 1 + matter.source, fence.close, indentation, depth + 1) : [],
    span: { start: opening.start, end: closing.next },
    bodySpan: { start: opening.next, end: closing.start },
    sourceSpan,
    position,
  };
}

/** Which lines of a body are configuration (from `start` up to `end`), and where the source begins. */
function matterOf(
  source: Source,
  body: readonly Line[],
  head: Pick<Cell, "form" | "kind" | "name">,
  position: Position,
): { readonly start: number; readonly end: number; readonly source: number } {
  const onlyConfiguration = isAllConfiguration(head.form);
  const end = matterEnd(source.text, body);
  if (end === null)
    return onlyConfiguration ? { start: 0, end: body.length, source: body.length } : { start: 0, end: 0, source: 0 };
  if (end === "unclosed") {
    source.diagnostics.push({
      severity: "error",
      code: "notebook.unclosed-configuration",
      message: `the configuration of \`${head.name}\` has no \`---\` line at its end`,
      cure: "Add the line; or, where the text itself begins with `---`, put two lines `---` before it.",
      position: source.position(body[0]!.start, body[0]!.end),
      cell: head.name,
    });
    return { start: 0, end: 0, source: 0 };
  }
  const rest = body.slice(end + 1);
  if (onlyConfiguration && !rest.every((line) => isBlank(source.text, line))) {
    source.diagnostics.push({
      severity: "warning",
      code: "notebook.no-body",
      message: `\`${head.name}\` is a ${head.kind} and has no body; the text below its configuration is not read`,
      cure: "Remove the text, or move it out of the cell.",
      position: { ...position },
      cell: head.name,
    });
  }
  return { start: 1, end, source: end + 1 };
}
