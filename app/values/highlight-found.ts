import { findInText } from "./find-in-text";

/** Places of a word in what is shown, marked without changing it. */
export interface FoundPlaces {
  readonly count: number;
  /** Marks one of them as the one that is looked at, and scrolls to it. */
  show(index: number): void;
  clear(): void;
}

/** Marks a word wherever it is shown in an element. */
export function highlightFound(element: HTMLElement, word: string): FoundPlaces {
  const ranges: Range[] = [];
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    for (const { start, end } of findInText(node.textContent ?? "", word)) {
      const range = new Range();
      range.setStart(node, start);
      range.setEnd(node, end);
      ranges.push(range);
    }
  }
  const clear = (): void => {
    CSS.highlights.delete("found");
    CSS.highlights.delete("found-now");
  };
  clear();
  if (ranges.length > 0) CSS.highlights.set("found", new Highlight(...ranges));
  return {
    count: ranges.length,
    clear,
    show(index) {
      const range = ranges[index];
      if (range === undefined) return;
      CSS.highlights.set("found-now", new Highlight(range));
      range.startContainer.parentElement?.scrollIntoView({ block: "nearest" });
      const { top, bottom } = range.getBoundingClientRect();
      const box = element.getBoundingClientRect();
      if (top < box.top + 8 || bottom > box.bottom - 8)
        element.scrollBy({ top: top - box.top - element.clientHeight / 3 });
    },
  };
}
