import { createEffect, createSignal, onCleanup, untrack, type Accessor, type JSX } from "solid-js";

/**
 * The height of what is computed anew: as long as it is, the one it had before, or `room` for what never was; what is longer scrolls
 * in it. Afterwards it may grow, and shrinks when nobody sees it: nothing below it moves while answers come.
 */
export function steadyHeight(
  busy: Accessor<boolean>,
  room: Accessor<number>,
): { readonly ref: (element: HTMLElement) => void; readonly style: Accessor<JSX.CSSProperties> } {
  const [kept, setKept] = createSignal(0);
  let last = 0;
  const sizes = new ResizeObserver(([entry]) => {
    if (!untrack(busy)) last = (entry!.target as HTMLElement).offsetHeight;
  });
  const sights = new IntersectionObserver((entries) => {
    if (!entries.at(-1)!.isIntersecting && !untrack(busy)) setKept(0);
  });
  createEffect(() => {
    if (busy()) setKept(Math.max(last, untrack(room)));
  });
  onCleanup(() => {
    sizes.disconnect();
    sights.disconnect();
  });
  return {
    ref(element) {
      sizes.observe(element);
      sights.observe(element);
    },
    style() {
      const height = `${Math.max(kept(), room())}px`;
      return busy() ? { height, "overflow-y": "auto" } : height === "0px" ? {} : { "min-height": height };
    },
  };
}
