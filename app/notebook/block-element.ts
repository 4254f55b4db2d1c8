/** The element of a block on the page; null while it is not there. */
export function blockElement(block: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-commands] [data-block="${CSS.escape(block)}"]`);
}

/** The element that a cell in a sheet has of its own; null while it is not there. */
export function innerElement(cell: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-commands] [data-inner="${CSS.escape(cell)}"]`);
}

/** The element of a cell in a sheet, where it has one of its own; else of its block. */
export function finestElement(cell: string, block: string): HTMLElement | null {
  return innerElement(cell) ?? blockElement(cell) ?? blockElement(block);
}

/** Milliseconds for which a block that is not there yet is waited for: what was just put in comes with the next word of the server. */
const patience = 3_000;

/** Does something with an element as soon as it is there. */
export function whenFound(find: () => HTMLElement | null, work: (element: HTMLElement) => void): void {
  const end = performance.now() + patience;
  const look = (): void => {
    const element = find();
    if (element !== null) work(element);
    else if (performance.now() < end) requestAnimationFrame(look);
  };
  look();
}
