import { createSignal } from "solid-js";

/** Where notebooks that are on the page went, by the paths they were opened under: their pages stay as they are. */
const [moved, setMoved] = createSignal<ReadonlyMap<string, string>>(new Map());

/** The path a notebook has now that was opened under another. */
export function currentPath(path: string): string {
  return moved().get(path) ?? path;
}

export function notebookMoved(path: string, to: string): void {
  setMoved((before) => new Map(before).set(path, to));
}
