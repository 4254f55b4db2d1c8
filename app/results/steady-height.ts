import { createEffect, createSignal, onCleanup, untrack, type Accessor, type JSX } from "solid-js";

/** The height of what is computed anew, and whether all of it is seen. */
export interface SteadyHeight {
  /** The place, and in it what came. */
  readonly ref: (element: HTMLElement) => void;
  readonly content: (element: HTMLElement) => void;
  /** What streams into the place: where that is full the end is seen. */
  readonly stream: (element: HTMLElement) => void;
  readonly style: Accessor<JSX.CSSProperties>;
  /** Whether more has come than is seen. */
  readonly isCut: Accessor<boolean>;
  /** Shows all of it. */
  open(): void;
}

/** Pixels that are not worth cutting off. */
const slack = 6;

/**
 * The height of what is computed anew: as long as it is, the one it had before, or `room` for what never was; of what is longer the end is seen.
 * Afterwards what `holds` stays as high until somebody asks for more, and all else may grow. It shrinks, and opens, when nobody sees it:
 * nothing below it moves while answers come, nor when they end. What is `passing`, a question that is answered by a click, leaves no height
 * behind.
 */
export function steadyHeight(
  busy: Accessor<boolean>,
  room: Accessor<number>,
  holds?: Accessor<boolean>,
  passing: Accessor<boolean> = () => false,
): SteadyHeight {
  const [kept, setKept] = createSignal(0);
  const [whole, setWhole] = createSignal(Number.POSITIVE_INFINITY);
  const [isOpen, setOpen] = createSignal(true);
  const height = () => Math.max(kept(), room());
  let last = 0;
  const sizes = new ResizeObserver(([entry]) => {
    if (!untrack(busy) && !untrack(passing)) last = (entry!.target as HTMLElement).offsetHeight;
  });
  const contents = new ResizeObserver(([entry]) => setWhole((entry!.target as HTMLElement).offsetHeight));
  // Moved by a transform: to whoever reads along, and to a browser's count of what moves, lines that go up as text comes are one thing.
  const streams = new ResizeObserver(([entry]) => {
    const stream = entry!.target as HTMLElement;
    const over = untrack(height) === 0 ? 0 : stream.offsetHeight - untrack(height);
    stream.style.transform = over > 0 ? `translateY(${-over}px)` : "";
  });
  const sights = new IntersectionObserver((entries) => {
    if (entries.at(-1)!.isIntersecting || untrack(busy)) return;
    setKept(0);
    setOpen(true);
  });
  createEffect(() => {
    if (!busy()) return;
    const height = Math.max(last, untrack(room));
    setKept(height);
    // What is computed anew since before it was on the page has no height to keep.
    setOpen(height === 0);
  });
  const isCut = () => !busy() && !isOpen() && holds?.() === true && whole() > height() + slack;
  onCleanup(() => {
    for (const observer of [sizes, contents, streams, sights]) observer.disconnect();
  });
  return {
    ref(element) {
      sizes.observe(element);
      sights.observe(element);
    },
    content(element) {
      // Until it is measured it is taken to be long: what is cut can grow, and not the other way.
      setWhole(Number.POSITIVE_INFINITY);
      contents.disconnect();
      contents.observe(element);
    },
    stream(element) {
      streams.disconnect();
      streams.observe(element);
    },
    style() {
      // What is cut afterwards is no scroller before: it would have moved, as browsers count.
      const overflow = holds === undefined ? { "overflow-y": "auto" as const } : { overflow: "clip" };
      if (height() === 0) return {};
      if (busy()) return { height: `${height()}px`, ...overflow };
      if (isCut()) return { height: `${height()}px`, overflow: "clip", "--seen": `${height()}px` };
      return { "min-height": `${height()}px` };
    },
    isCut,
    open: () => void setOpen(true),
  };
}
