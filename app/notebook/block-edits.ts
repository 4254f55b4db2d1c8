import type { Operation, Place } from "#server/notebook/operation.ts";
import type { NotebookView } from "#server/workbench/view.ts";
import { proseBlock, proseKey, type Blocks } from "./blocks";

/** The gap above a block, counted in all blocks from 0. */
export function gapAbove({ all }: Blocks, block: string): number {
  return Math.max(0, all.indexOf(block));
}

/** The gap below a block, and below what is folded away under it. */
export function gapBelow(blocks: Blocks, block: string): number {
  const next = blocks.visible[blocks.visible.indexOf(block) + 1];
  return next === undefined ? blocks.all.length : blocks.all.indexOf(next);
}

/** Blocks with what is folded away under them, in the order of the page. */
export function withFolded(blocks: Blocks, chosen: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const block of chosen)
    for (const one of blocks.all.slice(gapAbove(blocks, block), gapBelow(blocks, block))) found.add(one);
  return blocks.all.filter((block) => found.has(block));
}

/** Where a gap between blocks is for an operation. Places are named by cells, so beside prose it is the cell on the other side. */
export function placeOfGap(all: readonly string[], gap: number): Place {
  const before = all[gap - 1];
  const behind = all[gap];
  if (before === undefined) return { startOf: null };
  if (proseKey(before) === null) return { after: before };
  return behind === undefined ? { endOf: null } : { before: behind };
}

/** The operations that take blocks out. Prose is emptied first, since it is named by its place among what is there. */
export function removeBlocks(view: NotebookView, chosen: readonly string[]): readonly Operation[] {
  const emptied = chosen.flatMap((block): readonly Operation[] => {
    const prose = proseKey(block) === null ? undefined : view.prose[proseKey(block)!];
    return prose === undefined ? [] : [{ type: "set-prose", segment: prose.segment, text: "\n" }];
  });
  const cells = chosen.filter((block) => proseKey(block) === null);
  return [...emptied, ...cells.map((cell): Operation => ({ type: "remove", cell }))];
}

/** The block to go on at when blocks have been taken out: what stands in their place then, or the last; null where nothing is left. */
export function blockAfterRemoval({ all, visible }: Blocks, going: readonly string[]): string | null {
  const last = Math.max(...going.map((block) => visible.indexOf(block)));
  const rest = visible.filter((block) => !going.includes(block));
  const next = visible.slice(last + 1).find((block) => rest.includes(block)) ?? rest.at(-1);
  const left = all.filter((block) => !going.includes(block));
  return next === undefined ? null : nameIn(left, next);
}

/** What a block is called among others in their order: prose by the cell it follows there. */
export function nameIn(all: readonly string[], block: string): string {
  if (proseKey(block) === null) return block;
  return proseBlock(all.slice(0, all.indexOf(block)).findLast((one) => proseKey(one) === null) ?? "");
}

/** The operations that put blocks into a gap between the others, in the order they have; none where they stand there. */
export function moveBlocks(
  view: NotebookView,
  { all }: Blocks,
  chosen: readonly string[],
  gap: number,
): readonly Operation[] {
  const { moving, others, target, after } = orderAfterMove(all, chosen, gap);
  if (moving.length === 0 || after.every((block, index) => block === all[index])) return [];
  const to = placeOfGap(others, target);
  // Behind a cell or at the start each pushes down the one before it, so the last goes first.
  const inTurn = "after" in to || "startOf" in to ? moving.toReversed() : moving;
  const emptied = removeBlocks(
    view,
    moving.filter((block) => proseKey(block) !== null),
  );
  const moved = inTurn.map((block): Operation => {
    const key = proseKey(block);
    if (key === null) return { type: "move", cell: block, to };
    return { type: "insert", at: to, text: `${(view.prose[key]?.text ?? "").trim()}\n` };
  });
  return [...emptied, ...moved];
}

/** What a block that `moveBlocks` moves is called afterwards. */
export function nameAfterMove({ all }: Blocks, chosen: readonly string[], gap: number, block: string): string {
  return nameIn(orderAfterMove(all, chosen, gap).after, block);
}

function orderAfterMove(all: readonly string[], chosen: readonly string[], gap: number) {
  const moving = all.filter((block) => chosen.includes(block));
  const others = all.filter((block) => !moving.includes(block));
  const target = all.slice(0, gap).filter((block) => !moving.includes(block)).length;
  return { moving, others, target, after: [...others.slice(0, target), ...moving, ...others.slice(target)] };
}

/** The gap that is one visible block further up or down than blocks that stand together. */
export function gapNextTo(blocks: Blocks, chosen: readonly string[], direction: "up" | "down"): number {
  const moving = withFolded(blocks, chosen);
  const at = moving.map((block) => blocks.visible.indexOf(block)).filter((index) => index >= 0);
  const neighbour = direction === "up" ? blocks.visible[Math.min(...at) - 1] : blocks.visible[Math.max(...at) + 1];
  if (neighbour === undefined) return direction === "up" ? 0 : blocks.all.length;
  return direction === "up" ? gapAbove(blocks, neighbour) : gapBelow(blocks, neighbour);
}
