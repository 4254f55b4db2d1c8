import type { Operation, TextEdit } from "../operation.ts";
import { SheafError } from "../sheaf-error.ts";

/** Edits in ascending order, without those that change nothing. Throws `operation.range` where they overlap or leave the text. */
export function inOrder(text: string, edits: readonly TextEdit[]): TextEdit[] {
  const ordered = edits.filter((edit) => text.slice(edit.start, edit.end) !== edit.text || edit.start > edit.end);
  ordered.sort((left, right) => left.start - right.start || left.end - right.end);
  let at = 0;
  for (const { start, end } of ordered) {
    if (!Number.isInteger(start) || !Number.isInteger(end) || start < at || end < start || end > text.length)
      throw new SheafError("operation.range", `no part of the text is from ${start} to ${end} here`, {
        cure: `Give offsets from ${at} to ${text.length}, in ascending order and without overlap.`,
      });
    at = end;
  }
  return ordered;
}

/** The text after ordered edits. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = "";
  let at = 0;
  for (const edit of edits) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/** The operation that takes ordered edits of `text` back. */
export function inverseOf(text: string, edits: readonly TextEdit[]): Operation {
  let shift = 0;
  const inverse = edits.map((edit): TextEdit => {
    const start = edit.start + shift;
    shift += edit.text.length - (edit.end - edit.start);
    return { start, end: start + edit.text.length, text: text.slice(edit.start, edit.end) };
  });
  return { type: "edit", edits: inverse };
}
