/** Frames for which the first line is waited for. */
const patience = 30;
const lines = "[role^=menuitem]";

/**
 * Gives the focus to the first line of a menu that can be chosen, as soon as that is there, and back to the line that had it: with nothing
 * of its own that opened it, Kobalte leaves it on the menu itself, and on a busy machine does so again after the line had it. A pointer that
 * rests where the menu comes up, or where its lines move, chooses no line and takes none away until it moves.
 */
export function focusFirst(menu: HTMLElement): void {
  let pointer: { readonly x: number; readonly y: number } | null = null;
  let line: HTMLElement | null = null;
  menu.addEventListener(
    "pointermove",
    (event) => {
      // The browser tells that other things are under it now.
      if (event.movementX === 0 && event.movementY === 0) event.stopPropagation();
      else pointer = { x: event.clientX, y: event.clientY };
    },
    { capture: true },
  );
  menu.addEventListener(
    "pointerleave",
    (event) => {
      if (pointer === null || (event.clientX === pointer.x && event.clientY === pointer.y)) event.stopPropagation();
    },
    { capture: true },
  );
  menu.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLElement && target.matches(lines)) line = target;
    if (target === menu && pointer === null) queueMicrotask(() => tryFirst(patience));
  });
  requestAnimationFrame(() => tryFirst(patience));

  function tryFirst(frames: number): void {
    const focused = document.activeElement;
    const next = line?.isConnected === true ? line : menu.querySelector<HTMLElement>(`${lines}:not([data-disabled])`);
    if (next !== null && focused === menu) next.focus();
    else if (frames > 0 && !menu.contains(focused === menu ? null : focused))
      requestAnimationFrame(() => tryFirst(frames - 1));
  }
}
