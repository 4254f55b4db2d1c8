import type { BlockRef, NotebookView } from "#server/workbench/view.ts";

/** What stands on a notebook's page, as a text that stays the same while the block does: `prose:KEY`, `cell:PATH`, `wordings:PATH PATH …`. */
export type PageBlock = `${"prose" | "cell" | "wordings"}:${string}`;

/** The blocks of a page in order. Wordings of one cell that follow one another are one block; nothing but blank lines is between them. */
export function pageBlocks(
  order: readonly BlockRef[],
  { cells, prose }: Pick<NotebookView, "cells" | "prose">,
): readonly PageBlock[] {
  const blocks: PageBlock[] = [];
  let group = null as { readonly name: string; readonly paths: string[] } | null;
  const end = (): void => {
    if (group !== null)
      blocks.push(group.paths.length === 1 ? `cell:${group.paths[0]!}` : `wordings:${group.paths.join(" ")}`);
    group = null;
  };
  for (const block of order) {
    if (block.type === "prose") {
      if (group !== null && (prose[block.key]?.text ?? "").trim() === "") continue;
      end();
      blocks.push(`prose:${block.key}`);
      continue;
    }
    const cell = cells[block.path];
    if (cell === undefined || cell.label === null) {
      end();
      blocks.push(`cell:${block.path}`);
    } else if (group?.name === cell.name) group.paths.push(block.path);
    else {
      end();
      group = { name: cell.name, paths: [block.path] };
    }
  }
  end();
  return blocks;
}

/** The kind of a block, and the paths or the key it names. */
export function readBlock(block: PageBlock): {
  readonly type: "prose" | "cell" | "wordings";
  readonly keys: readonly string[];
} {
  const colon = block.indexOf(":");
  const type = block.slice(0, colon) as "prose" | "cell" | "wordings";
  const rest = block.slice(colon + 1);
  return { type, keys: type === "wordings" ? rest.split(" ") : [rest] };
}
