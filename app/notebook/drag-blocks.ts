import type { Signal } from "solid-js";
import type { ActionContext } from "~/actions/action-context";
import { chosen } from "~/actions/action-context";
import { blockElement } from "./block-element";
import { blockFinder } from "./block-finder";
import { gapAbove, moveBlocks, nameAfterMove, withFolded } from "./block-edits";

/** Pixels at the edges of the document in which it scrolls by itself. */
const edge = 48;

/** Drags blocks with a pointer that went down on a block's handle until it goes up; Escape leaves them where they are. */
export function dragBlocks(
  down: PointerEvent,
  handle: HTMLElement,
  block: string,
  context: () => ActionContext,
  [gap, setGap]: Signal<number | null>,
): void {
  function gapAt(y: number): number {
    const { blocks } = context();
    for (const block of blocks.visible) {
      const box = blockElement(block)?.getBoundingClientRect();
      if (box !== undefined && y < box.top + box.height / 2) return gapAbove(blocks, block);
    }
    return blocks.all.length;
  }

  // It may be up again by now.
  if (!handle.hasPointerCapture(down.pointerId)) return;
  const scroller = handle.closest(".document");
  const now = context();
  const moving = chosen(now).includes(block) ? withFolded(now.blocks, chosen(now)) : withFolded(now.blocks, [block]);
  const move = (event: PointerEvent): void => {
    if (gap() === null && Math.abs(event.clientY - down.clientY) < 4) return;
    setGap(gapAt(event.clientY));
    const box = scroller?.getBoundingClientRect();
    if (box === undefined) return;
    if (event.clientY < box.top + edge) scroller?.scrollBy(0, -12);
    else if (event.clientY > box.bottom - edge) scroller?.scrollBy(0, 12);
  };
  const end = (): void => {
    handle.removeEventListener("pointermove", move);
    handle.removeEventListener("pointerup", drop);
    handle.removeEventListener("pointercancel", end);
    document.removeEventListener("keydown", leave, true);
    setGap(null);
  };
  const drop = (): void => {
    const target = gap();
    end();
    const { view, blocks, server, page } = context();
    if (target === null) return;
    const find = blockFinder(view, blocks, moving);
    let shown = "";
    const moved = server.editShown(() => {
      const now = find();
      const [first] = now.chosen;
      if (first === undefined) return [];
      const to = now.gapOf(target);
      shown = nameAfterMove(now.blocks, now.chosen, to, first);
      return moveBlocks(view, now.blocks, now.chosen, to);
    });
    void moved.then((done) => done && page.show(shown, { flash: true }));
  };
  const leave = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    end();
  };
  handle.addEventListener("pointermove", move);
  handle.addEventListener("pointerup", drop);
  handle.addEventListener("pointercancel", end);
  document.addEventListener("keydown", leave, true);
}
