import { createSignal, lazy, onCleanup, onMount, Show, Suspense } from "solid-js";

/** What is explained at the moment: an element with `data-tip`, and its words. */
export interface Tip {
  readonly element: HTMLElement;
  readonly text: string;
  readonly keys: string | null;
}

const TooltipPopup = lazy(async () => ({ default: (await import("./tooltip-popup")).TooltipPopup }));

/** Milliseconds the pointer rests before a tooltip comes; from one to the next it is at once. */
const rest = 450;
const near = 300;

/**
 * Explains every element with `data-tip`, and with `data-keys` tells the keys that do the same: when the pointer rests on it, and when it has
 * the keyboard's focus. What it says is also the element's own name or text, so nobody needs to see it.
 */
export function TooltipHost() {
  const [tip, setTip] = createSignal<Tip | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let left = 0;

  function tipAt(target: EventTarget | null): Tip | null {
    const element = target instanceof Element ? target.closest<HTMLElement>("[data-tip]") : null;
    const text = element?.dataset["tip"] ?? "";
    return element === null || text === "" ? null : { element, text, keys: element.dataset["keys"] ?? null };
  }
  function show(next: Tip | null, wait: number): void {
    clearTimeout(timer);
    if (next?.element === tip()?.element && next !== null) return;
    if (tip() !== null) left = performance.now();
    setTip(null);
    if (next !== null) timer = setTimeout(() => next.element.isConnected && setTip(next), wait);
  }
  const over = (event: PointerEvent): void => {
    if (event.pointerType !== "touch") show(tipAt(event.target), performance.now() - left < near ? 0 : rest);
  };
  const focus = (event: FocusEvent): void => {
    if (event.target instanceof Element && event.target.matches(":focus-visible")) show(tipAt(event.target), rest);
  };
  const away = (): void => show(null, 0);

  onMount(() => {
    document.addEventListener("pointerover", over);
    document.addEventListener("focusin", focus);
    for (const type of ["pointerdown", "keydown", "scroll", "focusout"]) document.addEventListener(type, away, true);
  });
  onCleanup(() => {
    clearTimeout(timer);
    document.removeEventListener("pointerover", over);
    document.removeEventListener("focusin", focus);
    for (const type of ["pointerdown", "keydown", "scroll", "focusout"]) document.removeEventListener(type, away, true);
  });
  return (
    <Show when={tip()} keyed>
      {(now) => (
        <Suspense>
          <TooltipPopup tip={now} />
        </Suspense>
      )}
    </Show>
  );
}
