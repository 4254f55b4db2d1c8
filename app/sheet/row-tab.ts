import { createSignal } from "solid-js";

const [asked, setAsked] = createSignal(0);
const [shown, setShown] = createSignal(false);

/** Rises whenever somebody wants to see the whole row beside the grid. */
export { asked as rowIsAsked };
/** Whether the inspector stands beside a sheet that has the whole page. */
export { shown as rowIsShown };

export function showRowInInspector(): void {
  setShown(true);
  setAsked((before) => before + 1);
}

export function toggleInspectorOfSheet(): void {
  setShown((before) => !before);
}
