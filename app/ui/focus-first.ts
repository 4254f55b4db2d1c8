/** Frames for which the first line is waited for. */
const patience = 30;

/**
 * Gives the focus to the first line of a menu that can be chosen, as soon as that is there: with nothing of its own that opened it, Kobalte
 * leaves it on the menu itself. A pointer that rests where the menu comes up chooses no line until it moves.
 */
export function focusFirst(menu: HTMLElement): void {
  const onPointerMove = (event: PointerEvent): void => {
    // The browser tells that other things are under it now.
    if (event.movementX === 0 && event.movementY === 0) event.stopPropagation();
  };
  menu.addEventListener("pointermove", onPointerMove, { capture: true });
  requestAnimationFrame(() => tryFirst(menu, patience));
}

function tryFirst(menu: HTMLElement, frames: number): void {
  const first = menu.querySelector<HTMLElement>("[role^=menuitem]:not([data-disabled])");
  if (first !== null && document.activeElement === menu) first.focus();
  else if (frames > 0 && !menu.contains(document.activeElement === menu ? null : document.activeElement))
    requestAnimationFrame(() => tryFirst(menu, frames - 1));
}
