import { createSignal, onCleanup } from "solid-js";
import type { SheetContextValue } from "./sheet-context";

/** A sheet whose grid is on the page. */
export type OpenSheet = SheetContextValue;

const [open, setOpen] = createSignal<readonly OpenSheet[]>([]);

/** The sheet of an id that is on the page: what stands beside a grid shows its rows as they are there. */
export function openSheet(id: string): OpenSheet | undefined {
  return open().find(({ model }) => model.id === id);
}

/** Tells others of a sheet for as long as its owner is on the page. */
export function tellOpenSheet(sheet: OpenSheet): void {
  setOpen((before) => [...before, sheet]);
  onCleanup(() => setOpen((before) => before.filter((each) => each !== sheet)));
}
