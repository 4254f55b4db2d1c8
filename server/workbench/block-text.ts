import { cellsOf } from "#server/notebook/cells-of.ts";
import { indentationOf } from "#server/notebook/file-position.ts";
import type { Notebook } from "#server/notebook/notebook.ts";
import { pageBlocks } from "./page-blocks.ts";

/** The Markdown of blocks of a page, cells by their path and prose as `prose:KEY`, as it can be pasted elsewhere. What is not there is left out. */
export function blockText(notebook: Notebook, blocks: readonly string[]): string {
  const cells = new Map(cellsOf(notebook).map(({ cell, path }) => [path, cell]));
  const prose = new Map(
    pageBlocks(notebook).flatMap((block) =>
      block.type === "prose" ? [[`prose:${block.key}`, notebook.segments[block.segment]!]] : [],
    ),
  );
  const texts = blocks.flatMap((block) => {
    const cell = cells.get(block);
    const span = cell?.span ?? prose.get(block);
    if (span === undefined) return [];
    const text = notebook.text.slice(span.start, span.end).replaceAll(/\r\n?/g, "\n");
    return [cell === undefined ? text.trim() : unindented(text, indentationOf(notebook.text, cell)).trimEnd()];
  });
  return texts
    .filter((text) => text !== "")
    .map((text) => `${text}\n`)
    .join("\n");
}

function unindented(text: string, spaces: number): string {
  return spaces === 0 ? text : text.replaceAll(new RegExp(`^ {1,${spaces}}`, "gm"), "");
}
