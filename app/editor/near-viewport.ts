import { createEffect, createSignal, onCleanup, type Accessor } from "solid-js";

/** Pixels around what is seen in which an element counts as near. */
const near = 800;

/** Whether an element is seen or soon will be. */
export function nearViewport(element: Accessor<HTMLElement | undefined>): Accessor<boolean> {
  const [isNear, setNear] = createSignal(false);
  createEffect(() => {
    const watched = element();
    if (watched === undefined) return;
    const observer = new IntersectionObserver((entries) => setNear(entries.at(-1)!.isIntersecting), {
      root: watched.closest(".document"),
      rootMargin: `${near}px 0px`,
    });
    observer.observe(watched);
    onCleanup(() => observer.disconnect());
  });
  return isNear;
}
