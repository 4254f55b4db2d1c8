import type { OutlineItem } from "./outline";

/** What folded headings hide: whole blocks, and parts of blocks of prose. */
export interface Folding {
  readonly blocks: ReadonlySet<string>;
  readonly parts: ReadonlyMap<string, FoldedParts>;
}

/** What is hidden of a block of prose; its headings are counted from 0. */
export interface FoldedParts {
  /** Whether what stands before its first heading is hidden. */
  readonly lead: boolean;
  /** Headings that are hidden with what follows them. */
  readonly hidden: ReadonlySet<number>;
  /** Headings that are shown and hide what follows them. */
  readonly folded: ReadonlySet<number>;
}

/** A folded heading hides what follows it up to the next one of its level or a higher one. */
export function foldingOf(
  outline: readonly OutlineItem[],
  foldedKeys: ReadonlySet<string>,
  all: readonly string[],
): Folding {
  const blocks = new Set<string>();
  const parts = new Map<string, FoldedParts>();
  let under: number | null = null;
  for (const block of all) {
    const lead = under !== null;
    const hidden = new Set<number>();
    const folded = new Set<number>();
    let shown = !lead;
    for (const item of outline) {
      if (item.type !== "heading" || item.block !== block) continue;
      if (under !== null && item.level <= under) under = null;
      if (under === null) shown = true;
      else hidden.add(item.index);
      if (under !== null || !foldedKeys.has(item.key)) continue;
      folded.add(item.index);
      under = item.level;
    }
    if (!shown) blocks.add(block);
    else if (lead || hidden.size > 0 || folded.size > 0) parts.set(block, { lead, hidden, folded });
  }
  return { blocks, parts };
}

/** The blocks of the section a block stands in: from the heading above it to the next of its level or a higher one. */
export function sectionOf(outline: readonly OutlineItem[], all: readonly string[], block: string): readonly string[] {
  const at = all.indexOf(block);
  const headings = outline.filter((item) => item.type === "heading");
  const own = headings.findLast((item) => all.indexOf(item.block) <= at);
  if (own === undefined) {
    const first = headings[0];
    return first === undefined ? all : all.slice(0, all.indexOf(first.block));
  }
  const next = headings.slice(headings.indexOf(own) + 1).find(({ level }) => level <= own.level);
  return all.slice(all.indexOf(own.block), next === undefined ? all.length : all.indexOf(next.block));
}
