interface Clicked {
  readonly button: Element;
  /** What it was called then. */
  readonly name: string;
}

function clickedBy({ target }: MouseEvent): Clicked | null {
  const button = target instanceof Element ? target.closest("button") : null;
  return button === null ? null : { button, name: button.getAttribute("aria-label") ?? button.textContent };
}

/**
 * Holds the second click of a double click to the button of the first, or one called like it. What takes a button's place under the
 * pointer meanwhile was not meant: Run, which becomes Stop, would end what it began, and Stop begin it again.
 */
export function holdDoubleClicks(): void {
  let before: Clicked | null = null;
  addEventListener(
    "click",
    (event) => {
      const now = clickedBy(event);
      const isOther = now !== null && now.button !== before?.button && now.name !== before?.name;
      if (event.detail > 1 && isOther) {
        event.stopImmediatePropagation();
        event.preventDefault();
      } else before = now;
    },
    { capture: true },
  );
}
