import { createSignal } from "solid-js";

const [shown, setShown] = createSignal(false);

/** Whether the inspector stands beside what has the whole page, a sheet or a comparison. */
export { shown as inspectorIsShown };

export function showInspector(): void {
  setShown(true);
}

export function toggleInspector(): void {
  setShown((before) => !before);
}
