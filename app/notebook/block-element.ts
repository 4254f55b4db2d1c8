/** The element of a block on the page; null while it is not there. */
export function blockElement(block: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`.document [data-block="${CSS.escape(block)}"]`);
}

/** Milliseconds for which a block that is not there yet is waited for: what was just put in comes with the next word of the server. */
const patience = 3_000;

/** Does something with a block's element as soon as it is there. */
export function whenThere(block: string, work: (element: HTMLElement) => void): void {
  whenFound(() => blockElement(block), work);
}

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
