import { createSignal, type Accessor } from "solid-js";
import type { ActionContext } from "~/actions/action-context";
import { gapAbove, gapBelow } from "./block-edits";
import { type Blocks } from "./blocks";

/** Blocks that are being dragged, and where they would be dropped. */
export interface Dragging {
  /** The gap between all blocks; null while nothing is dragged. */
  readonly gap: Accessor<number | null>;
  /** Begins with a pointer that went down on a block's handle. */
  begin(event: PointerEvent & { readonly currentTarget: HTMLElement }, block: string): void;
}

export function createDragging(context: () => ActionContext): Dragging {
  const gap = createSignal<number | null>(null);
  return {
    gap: gap[0],
    begin(event, block) {
      if (event.button !== 0) return;
      const { currentTarget } = event;
      currentTarget.setPointerCapture(event.pointerId);
      void import("./drag-blocks").then(({ dragBlocks }) => dragBlocks(event, currentTarget, block, context, gap));
    },
  };
}

/** Whether blocks would be dropped right above a block, or behind the last. */
export function dropsAt(gap: number | null, blocks: Blocks, block: string): "above" | "below" | null {
  if (gap === null) return null;
  if (gapAbove(blocks, block) === gap) return "above";
  return blocks.visible.at(-1) === block && gapBelow(blocks, block) === gap ? "below" : null;
}
