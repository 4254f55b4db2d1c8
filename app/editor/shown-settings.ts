import { createSignal } from "solid-js";

const [shown, setShown] = createSignal<ReadonlySet<string>>(new Set());

/** Whether the settings of a cell stand above its text as the text they are. */
export function areSettingsShown(notebook: string, cell: string): boolean {
  return shown().has(`${notebook}\n${cell}`);
}

export function showSettings(notebook: string, cell: string, areShown: boolean): void {
  setShown((before) => {
    const after = new Set(before);
    if (areShown) after.add(`${notebook}\n${cell}`);
    else after.delete(`${notebook}\n${cell}`);
    return after;
  });
}
