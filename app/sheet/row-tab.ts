import { createSignal } from "solid-js";
import { showInspectorTab } from "~/inspector/inspector-tab";

const [shown, setShown] = createSignal(false);

/** Whether the inspector stands beside a sheet that has the whole page. */
export { shown as rowIsShown };

/** Shows the whole row beside the grid, also where nothing has been explained yet. */
export function showRowInInspector(): void {
  setShown(true);
  showInspectorTab("row");
}

export function toggleInspectorOfSheet(): void {
  setShown((before) => !before);
}
