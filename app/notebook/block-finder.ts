import type { NotebookView } from "#server/workbench/view.ts";
import { blocksOf, proseBlock, proseKey, type Blocks } from "./blocks";
import { followProse, proseTexts, type ProseTexts } from "./follow-prose";

/** Blocks as they are now. */
export interface FoundBlocks {
  readonly blocks: Blocks;
  /** Those that were chosen. */
  readonly chosen: readonly string[];
  /** What one that was there when they were chosen is called now. */
  nameOf(block: string): string;
  /** Where a gap between those blocks is now. */
  gapOf(gap: number): number;
}

/**
 * What finds blocks again that are chosen now, each time it is called, in what the page was told until then; prose by its words. The first
 * time these may be others, as somebody typed them just before; after that nothing is found where they are not those that were seen.
 */
export function blockFinder(
  view: NotebookView,
  { all, visible }: Blocks,
  chosen: readonly string[],
): () => FoundBlocks {
  const hidden = all.filter((block) => !visible.includes(block));
  let names = new Map(all.map((block) => [block, block]));
  let before = proseTexts(view.prose);
  let isSeen = false;
  return () => {
    const now = proseTexts(view.prose);
    const was = (block: string): string => names.get(block) ?? block;
    const next = new Map(all.map((block) => [block, follow(was(block), before, now)]));
    const nameOf = (block: string): string => next.get(block) ?? block;
    const isSame = chosen.every((block) => wordsOf(was(block), before) === wordsOf(nameOf(block), now));
    const blocks = blocksOf(view, new Set(hidden.map(nameOf)));
    // A cell that is gone is said by the server.
    const there = chosen.map(nameOf).filter((block) => proseKey(block) === null || blocks.all.includes(block));
    const gapOf = (gap: number): number => {
      const behind = all
        .slice(gap)
        .map(nameOf)
        .find((block) => blocks.all.includes(block));
      return behind === undefined ? blocks.all.length : blocks.all.indexOf(behind);
    };
    const found = { blocks, chosen: isSeen && !isSame ? [] : there, nameOf, gapOf };
    [names, before, isSeen] = [next, now, true];
    return found;
  };
}

function follow(block: string, before: ProseTexts, now: ProseTexts): string {
  const key = proseKey(block);
  return key === null ? block : proseBlock(followProse(key, before[key] ?? "", before, now));
}

/** Nothing of a cell, whose text does not say where it is. */
function wordsOf(block: string, texts: ProseTexts): string | undefined {
  const key = proseKey(block);
  return key === null ? undefined : texts[key];
}
