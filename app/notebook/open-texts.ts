import { createSignal } from "solid-js";

const [opened, setOpened] = createSignal<ReadonlySet<string>>(new Set());

/** Whether the text of a cell in a sheet is unfolded. */
export function isTextOpen(notebook: string, cell: string): boolean {
  return opened().has(`${notebook}\n${cell}`);
}

export function openText(notebook: string, cells: readonly string[], isOpen: boolean): void {
  setOpened((before) => {
    const after = new Set(before);
    for (const cell of cells) {
      if (isOpen) after.add(`${notebook}\n${cell}`);
      else after.delete(`${notebook}\n${cell}`);
    }
    return after;
  });
}
