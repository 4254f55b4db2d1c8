/** Lets files be dropped on an element; while one is held over it, it says so. */
export function acceptDrop(element: HTMLElement, says: string, dropped: (files: readonly File[]) => void): void {
  // Entering a child comes before leaving its parent.
  let depth = 0;
  const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") === true;
  const mark = (change: number): void => {
    depth = change === 0 ? 0 : depth + change;
    element.classList.toggle("dropping", depth > 0);
  };
  element.dataset["drop"] = says;
  element.addEventListener("dragenter", (event) => {
    if (carriesFiles(event)) mark(1);
  });
  element.addEventListener("dragleave", (event) => {
    if (carriesFiles(event)) mark(-1);
  });
  element.addEventListener("dragover", (event) => {
    if (carriesFiles(event)) event.preventDefault();
  });
  element.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    mark(0);
    dropped([...(event.dataTransfer?.files ?? [])]);
  });
}
