import { indentationOf } from "../file-position.ts";
import { parseNotebook } from "../format.ts";
import { isContainer } from "../cell-forms.ts";
import type { Cell, Diagnostic, Notebook } from "../notebook.ts";
import type { Place, TextEdit } from "../operation.ts";
import { SheafError } from "../sheaf-error.ts";
import { isBlank, lineEndOf, linesOf, type Line } from "../text-lines.ts";
import { fingerprints } from "./cell-fingerprint.ts";
import { fenceEdits } from "./fence-edits.ts";
import { chainOf, target } from "./target.ts";
import { applyEdits, inOrder } from "./text-edits.ts";

/** A place in the file, and the sheet it is in. */
export interface Spot {
  readonly offset: number;
  readonly container: Cell | null;
}

/** Puts text in at a place, with a blank line to what stands beside it. Its cells must come out as cells, and all others stay what they are. */
export function insert(notebook: Notebook, place: Place, added: string): TextEdit[] {
  if (added === "") return [];
  const spot = spotOf(notebook, place);
  const edits = inOrder(notebook.text, insertAt(notebook, spot, linesOf(added), added));
  const after = parseNotebook(applyEdits(notebook.text, edits), notebook.forms);
  const own = fingerprints(parseNotebook(`---\nsheaf: 1\n---\n\n${added}`, notebook.forms));
  if (
    withoutPaths(after).length !== withoutPaths(notebook).length + own.length ||
    !isSubsequence(withoutPaths(notebook), withoutPaths(after))
  )
    throw new SheafError("operation.place", "the text cannot stand there without changing which cells there are", {
      cure: "Close every fence in it; and where a fence or an HTML block above the place is open, close that first.",
    });
  const taken = newlyTaken(notebook, after);
  if (taken !== undefined)
    throw new SheafError("operation.name-taken", taken.message, { cure: "Give the new cell another name." });
  return edits;
}

/** The edits that put lines in at a spot: indented as the container is, on lines of their own, fences lengthened where needed. */
export function insertAt(notebook: Notebook, spot: Spot, lines: readonly Line[], from: string): TextEdit[] {
  const { text } = notebook;
  const lineEnd = lineEndOf(text);
  const indentation = " ".repeat(spot.container === null ? 0 : indentationOf(text, spot.container));
  const contents = lines
    .map((line) => from.slice(line.start, line.end))
    .map((line) => (line === "" ? "" : indentation + line));
  const region = regionOf(notebook, spot.container);
  const before = text.slice(region.start, spot.offset);
  const behind = text.slice(spot.offset, region.end);
  let lead = before === "" || /[\r\n]$/.test(before) ? "" : lineEnd;
  if (before !== "" && (lead !== "" || !endsBlank(before))) lead += lineEnd;
  const trail = behind === "" || isBlank(behind, linesOf(behind)[0]!) ? "" : lineEnd;
  const chain = spot.container === null ? [] : chainOf(notebook, spot.container);
  return [
    { start: spot.offset, end: spot.offset, text: lead + contents.map((line) => line + lineEnd).join("") + trail },
    ...fenceEdits(text, chain, contents),
  ];
}

/** Where a place is. Throws where it names no cell, or the start or end of one that holds none. */
export function spotOf(notebook: Notebook, place: Place): Spot {
  if ("before" in place) {
    const { cell, container } = target(notebook, place.before);
    return { offset: cell.span.start, container };
  }
  if ("after" in place) {
    const { cell, container } = target(notebook, place.after);
    return { offset: cell.span.end, container };
  }
  if ("startOf" in place) {
    const container = place.startOf === null ? null : containerAt(notebook, place.startOf);
    const front = notebook.segments.find(({ kind }) => kind === "front-matter");
    return {
      offset: container === null && front !== undefined ? front.end : regionOf(notebook, container).start,
      container,
    };
  }
  const container = place.endOf === null ? null : containerAt(notebook, place.endOf);
  return { offset: regionOf(notebook, container).end, container };
}

function containerAt(notebook: Notebook, path: string): Cell {
  const { cell, path: found } = target(notebook, path);
  if (isContainer(cell.form)) return cell;
  throw new SheafError("operation.place", `\`${found}\` is a ${cell.kind} and holds no cells`, {
    cure: "Name a sheet, or `null` for the file.",
  });
}

/** The part of the file that a container's content is in, the whole file for null. */
export function regionOf(notebook: Notebook, container: Cell | null): { readonly start: number; readonly end: number } {
  if (container === null) return { start: notebook.text.startsWith("\uFEFF") ? 1 : 0, end: notebook.text.length };
  return { start: container.sourceSpan.start, end: container.bodySpan.end };
}

function endsBlank(text: string): boolean {
  return isBlank(text, linesOf(text).at(-1)!);
}

/** A name that two cells have afterwards and had not before. */
export function newlyTaken(before: Notebook, after: Notebook): Diagnostic | undefined {
  const codes = ["notebook.duplicate-name", "notebook.duplicate-label"];
  const key = ({ code, cell }: Diagnostic): string => `${code} ${cell?.toLowerCase()}`;
  const known = new Set(before.diagnostics.map(key));
  return after.diagnostics.find((diagnostic) => codes.includes(diagnostic.code) && !known.has(key(diagnostic)));
}

/** What the cells say, without where they stand. */
export function withoutPaths(notebook: Pick<Notebook, "cells">): string[] {
  return fingerprints(notebook).map((fingerprint) => fingerprint.replace(/^\["(?:[^".]*\.)?/, '["'));
}

/** True where all of `part` occurs in `whole` in the same order. */
export function isSubsequence(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  for (const item of whole) if (at < part.length && part[at] === item) at += 1;
  return at === part.length;
}
