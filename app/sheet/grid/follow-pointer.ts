/** Tells where the pointer goes until it is let go. */
export function followPointer(moved: (event: PointerEvent) => void, done: () => void = () => {}): void {
  const stop = new AbortController();
  const end = (): void => {
    stop.abort();
    done();
  };
  addEventListener("pointermove", moved, { signal: stop.signal });
  addEventListener("pointerup", end, { signal: stop.signal });
  addEventListener("pointercancel", end, { signal: stop.signal });
}
