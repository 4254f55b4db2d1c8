/** Milliseconds between two tellings while something changes on and on. */
const pause = 150;

/** Tells at once what comes alone, and of what comes one after another the last: an arrow key that is held goes through hundreds of cells. */
export function tellAtRest<Told>(
  tell: (told: Told) => void,
  onClose: (close: () => void) => void,
): (told: Told) => void {
  let last = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  onClose(() => clearTimeout(timer));
  return (told) => {
    const now = performance.now();
    const isAlone = now - last > pause;
    last = now;
    clearTimeout(timer);
    if (isAlone) tell(told);
    else timer = setTimeout(() => tell(told), pause);
  };
}
