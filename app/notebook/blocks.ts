import type { NotebookView } from "#server/workbench/view.ts";

/** The blocks of a page in their order, by what names them: a cell's path, or `prose:KEY`. */
export interface Blocks {
  /** All that have something in them. */
  readonly all: readonly string[];
  /** Those of them that a folded heading does not hide. */
  readonly visible: readonly string[];
}

const prosePrefix = "prose:";

/** What names a block of prose. */
export function proseBlock(key: string): string {
  return prosePrefix + key;
}

/** The key of a block of prose; null for a cell. */
export function proseKey(block: string): string | null {
  return block.startsWith(prosePrefix) ? block.slice(prosePrefix.length) : null;
}

export function blocksOf({ head, prose }: NotebookView, hidden: ReadonlySet<string> = new Set()): Blocks {
  const all = head.head.order.flatMap((block) => {
    if (block.type === "cell") return [block.path];
    return (prose[block.key]?.text ?? "").trim() === "" ? [] : [proseBlock(block.key)];
  });
  return { all, visible: hidden.size === 0 ? all : all.filter((block) => !hidden.has(block)) };
}

/** The block of the page that something selected stands in: itself, or for a sheet's cell the sheet. */
export function blockAt({ all }: Blocks, selected: string | null): string | null {
  if (selected === null || all.includes(selected)) return selected;
  return all.find((block) => selected.startsWith(`${block}.`)) ?? null;
}

/** The blocks that are selected together: from the anchor to the selected one; that alone without an anchor, or in a sheet. */
export function blocksBetween(
  { visible }: Blocks,
  { cell, anchor }: { readonly cell: string | null; readonly anchor: string | null },
): readonly string[] {
  if (cell === null) return [];
  const head = visible.indexOf(cell);
  const other = anchor === null ? -1 : visible.indexOf(anchor);
  return other < 0 || head < 0 ? [cell] : visible.slice(Math.min(other, head), Math.max(other, head) + 1);
}
