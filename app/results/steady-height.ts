import { createEffect, createSignal, onCleanup, type Accessor } from "solid-js";

/** A smallest height for what is computed anew: the one it had before, for as long as it is; nothing below it moves meanwhile. */
export function steadyHeight(busy: Accessor<boolean>): {
  readonly ref: (element: HTMLElement) => void;
  readonly style: Accessor<{ readonly "min-height"?: string }>;
} {
  const [kept, setKept] = createSignal(0);
  let last = 0;
  const observer = new ResizeObserver(([entry]) => {
    if (!busy()) last = (entry!.target as HTMLElement).offsetHeight;
  });
  createEffect(() => setKept(busy() ? last : 0));
  onCleanup(() => observer.disconnect());
  return {
    ref: (element) => observer.observe(element),
    style: () => (kept() > 0 ? { "min-height": `${kept()}px` } : {}),
  };
}
