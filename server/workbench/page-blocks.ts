import { cellsOf } from "#server/notebook/cells-of.ts";
import type { Notebook } from "#server/notebook/notebook.ts";

/** The blocks of a notebook's page in their order: cells at the top by their path, prose by the path of the cell it follows, `""` before the first. */
export type PageBlock =
  | { readonly type: "cell"; readonly path: string; readonly segment: number }
  | { readonly type: "prose"; readonly key: string; readonly segment: number };

export function pageBlocks(notebook: Notebook): readonly PageBlock[] {
  const tops = new Map(
    cellsOf(notebook).flatMap(({ cell, container, path }) => (container === null ? [[cell.span.start, path]] : [])),
  );
  const blocks: PageBlock[] = [];
  let after = "";
  for (const [segment, { kind, start }] of notebook.segments.entries()) {
    if (kind === "prose") blocks.push({ type: "prose", key: after, segment });
    const path = kind === "cell" ? tops.get(start) : undefined;
    if (path === undefined) continue;
    after = path;
    blocks.push({ type: "cell", path, segment });
  }
  return blocks;
}
