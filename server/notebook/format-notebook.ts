import { applyEdits, inOrder } from "./edit/text-edits.ts";
import { runAt } from "./edit/fence-edits.ts";
import { configurationText } from "./configuration-view.ts";
import { parseNotebook } from "./format.ts";
import { indentationOf } from "./file-position.ts";
import { firstForms, isAllConfiguration, isContainer, type CellForms } from "./cell-forms.ts";
import type { Cell, Notebook, Span } from "./notebook.ts";
import type { TextEdit } from "./operation.ts";
import { lineEndOf, linesOf } from "./text-lines.ts";

/**
 * The notebook in the spelling Sheaf itself writes: fence lines as `kind name` without white space behind them, one blank line between
 * cells and prose and none at the edges of a sheet, `---` lines bare and only where they are needed, one line end at the end. What
 * any cell says stays the same, and formatting twice is formatting once. A text that is no notebook is given back as it is.
 */
export function formatNotebook(text: string, forms: CellForms = firstForms): string {
  const notebook = parseNotebook(text, forms);
  if (!notebook.isNotebook) return text;
  const front = notebook.segments[0]!;
  const edits = [
    ...matterLineEdits(text, front),
    ...notebook.cells.flatMap((cell) => cellEdits(text, cell)),
    ...gapEdits(notebook, { start: front.end, end: text.length }, notebook.cells, null),
  ];
  return applyEdits(text, inOrder(text, edits));
}

function cellEdits(text: string, cell: Cell): TextEdit[] {
  const { offset, length } = cell.position;
  const marker = runAt(text, offset);
  const head = `${marker}${cell.kind} ${cell.name}${cell.label === null ? "" : `.${cell.label}`}`;
  const [opening] = linesOf(text.slice(offset, cell.bodySpan.start));
  const edits: TextEdit[] = [
    { start: offset, end: offset + length, text: head },
    { start: offset + length, end: offset + opening!.end, text: "" },
    ...behindRun(text, cell),
    ...matterEdits(text, cell),
  ];
  if (!isContainer(cell.form)) return edits;
  edits.push(...cell.cells.flatMap((inner) => cellEdits(text, inner)));
  if (cell.sourceSpan.start < cell.bodySpan.end)
    edits.push(...gapEdits({ text, diagnostics: [] }, regionOf(text, cell), cell.cells, cell));
  return edits;
}

/** The white space behind the closing fence. */
function behindRun(text: string, cell: Cell): TextEdit[] {
  const line = text.slice(cell.bodySpan.end, cell.span.end);
  const run = /^ *[`~]+/.exec(line)![0].length;
  const space = /^[ \t]*/.exec(line.slice(run))![0].length;
  const start = cell.bodySpan.end + run;
  return [{ start, end: start + space, text: "" }];
}

/** A configuration's `---` lines: bare, and away where nothing stands between them or the kind needs none. */
function matterEdits(text: string, cell: Cell): TextEdit[] {
  const configuration = configurationText(text, cell);
  if (configuration === null || configuration.block === null) return [];
  const { view, block } = configuration;
  const hasSource = cell.sourceSpan.start < cell.bodySpan.end;
  const startsWithMatter = /^---[ \t]*(?:\n|$)/.test(cell.source);
  // Below it a kind without a body has text that nobody reads: without the lines it would be the configuration.
  const isUnread = isAllConfiguration(cell.form) && !isWhite(cell.source);
  if (isWhite(view.text) && !startsWithMatter && !isUnread) return [{ ...block, text: "" }];
  if (isAllConfiguration(cell.form) && !hasSource) {
    const lines = linesOf(text.slice(block.start, block.end));
    const last = lines.at(-1)!;
    return [
      { start: block.start, end: block.start + lines[0]!.next, text: "" },
      { start: block.start + last.start, end: block.end, text: "" },
    ];
  }
  return matterLineEdits(text, block);
}

/** The white space behind the first and the last line of a block. */
function matterLineEdits(text: string, block: Span): TextEdit[] {
  const lines = linesOf(text.slice(block.start, block.end));
  return [lines[0]!, lines.at(-1)!].map((line) => {
    const space = /[ \t]*$/.exec(text.slice(block.start + line.start, block.start + line.end))![0].length;
    return { start: block.start + line.end - space, end: block.start + line.end, text: "" };
  });
}

function regionOf(text: string, cell: Cell): Span {
  const spaces = indentationOf(text, cell);
  let { start } = cell.sourceSpan;
  while (start > cell.bodySpan.start && cell.sourceSpan.start - start < spaces && text[start - 1] === " ") start -= 1;
  return { start, end: cell.bodySpan.end };
}

/** The blank lines between, before and behind the cells of a file or of a sheet. */
function gapEdits(
  notebook: Pick<Notebook, "text" | "diagnostics">,
  region: Span,
  cells: readonly Cell[],
  sheet: Cell | null,
): TextEdit[] {
  const edits: TextEdit[] = [];
  for (let index = 0; index <= cells.length; index += 1) {
    const start = index === 0 ? region.start : cells[index - 1]!.span.end;
    const end = cells[index]?.span.start ?? region.end;
    const isFirst = index === 0 && sheet !== null;
    const isLast = index === cells.length;
    edits.push(...gap(notebook, { start, end }, isFirst, isLast, sheet));
  }
  return edits;
}

function gap(
  { text, diagnostics }: Pick<Notebook, "text" | "diagnostics">,
  { start, end }: Span,
  isFirst: boolean,
  isLast: boolean,
  sheet: Cell | null,
): TextEdit[] {
  const prose = text.slice(start, end);
  const lineEnd = lineEndOf(text);
  const [head] = /^(?:[ \t]*(?:\r\n?|\n))*/.exec(prose)!;
  const rest = prose.slice(head.length);
  if (isWhite(rest)) {
    const ends = sheet !== null || /[\r\n]$/.test(text.slice(0, start));
    return [{ start, end, text: isLast && !ends ? lineEnd : isFirst || isLast ? "" : lineEnd }];
  }
  // Without a configuration above it, a `---` at the head of a sheet would begin one.
  const keepsHead =
    isFirst && /^ *---[ \t]*(?:[\r\n]|$)/.test(rest) && sheet!.sourceSpan.start === contentStart(text, sheet!);
  const edits: TextEdit[] = [{ start, end: start + head.length, text: isFirst && !keepsHead ? "" : lineEnd }];
  // The blank lines at the end of a fence nobody closed are its content.
  if (
    isLast &&
    diagnostics.some(({ code, position }) => code === "notebook.unclosed-fence" && position.offset >= start)
  )
    return /[\r\n]$/.test(prose) ? edits : [...edits, { start: end, end, text: lineEnd }];
  const [tail] = /(?:[ \t]*(?:\r\n?|\n))*[ \t]*$/.exec(rest)!;
  const spaces = /^[ \t]*/.exec(tail)![0].length;
  edits.push({ start: end - tail.length + spaces, end, text: isLast ? lineEnd : lineEnd + lineEnd });
  return edits;
}

function contentStart(text: string, cell: Cell): number {
  let { start } = cell.bodySpan;
  for (let left = indentationOf(text, cell); left > 0 && text[start] === " "; left -= 1) start += 1;
  return start;
}

function isWhite(text: string): boolean {
  return /^[ \t\r\n]*$/.test(text);
}
