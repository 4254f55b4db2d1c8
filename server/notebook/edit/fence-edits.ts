import { indentationOf } from "../file-position.ts";
import { closesFence } from "../markdown/top-level-fences.ts";
import type { Cell } from "../notebook.ts";
import type { TextEdit } from "../operation.ts";

/**
 * The edits that make fences longer where new lines would close them: of the cell the lines stand in and of what contains it,
 * `chain` from the inside out. `lines` are whole lines as they will stand in the file, without their ends.
 */
export function fenceEdits(text: string, chain: readonly Cell[], lines: readonly string[]): TextEdit[] {
  const edits: TextEdit[] = [];
  const inside = [...lines];
  for (const [index, cell] of chain.entries()) {
    const container = chain[index + 1];
    const outer = container === undefined ? 0 : indentationOf(text, container);
    const marker = runAt(text, cell.position.offset);
    const length = Math.max(marker.length, ...inside.map((line) => closingRun(line, outer, marker) + 1));
    const closing = closingMarker(text, cell);
    if (length > marker.length) {
      const start = cell.position.offset + marker.length;
      edits.push({ start, end: start, text: marker[0]!.repeat(length - marker.length) });
    }
    if (length > closing.run.length) {
      const start = closing.start + closing.run.length;
      edits.push({ start, end: start, text: marker[0]!.repeat(length - closing.run.length) });
    }
    inside.push(text.slice(cell.bodySpan.end, closing.start) + marker[0]!.repeat(Math.max(length, closing.run.length)));
  }
  return edits;
}

/** The length of the run with which a line would close the fence; −1 where it does not. */
function closingRun(line: string, outer: number, marker: string): number {
  let start = 0;
  while (start < outer && line[start] === " ") start += 1;
  const content = line.slice(start);
  const rest = content.trimStart();
  if (content.length - rest.length > 3 || !closesFence(rest, marker)) return -1;
  return runAt(rest, 0).length;
}

function closingMarker(text: string, cell: Cell): { readonly start: number; readonly run: string } {
  let start = cell.bodySpan.end;
  while (text[start] === " ") start += 1;
  return { start, run: runAt(text, start) };
}

/** The run of one character that begins at an offset. */
export function runAt(text: string, start: number): string {
  let end = start + 1;
  while (end < text.length && text[end] === text[start]) end += 1;
  return text.slice(start, end);
}
