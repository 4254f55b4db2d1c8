import { createSignal } from "solid-js";

const [shown, setShown] = createSignal<ReadonlySet<string>>(new Set());

/** Whether the rendered prompt of a cell is shown beside its text. */
export function isPreviewShown(notebook: string, cell: string): boolean {
  return shown().has(keyOf(notebook, cell));
}

export function togglePreview(notebook: string, cell: string): void {
  const key = keyOf(notebook, cell);
  setShown((before) => {
    const after = new Set(before);
    if (!after.delete(key)) after.add(key);
    return after;
  });
}

function keyOf(notebook: string, cell: string): string {
  return `${notebook}\n${cell}`;
}
