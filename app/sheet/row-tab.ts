import { showInspector } from "~/inspector/beside-screen";
import { showInspectorTab } from "~/inspector/inspector-tab";

/** Shows the whole row beside the grid, also where nothing has been explained yet. */
export function showRowInInspector(): void {
  showInspector();
  showInspectorTab("row");
}
