import PanelRight from "lucide-solid/icons/panel-right";
import { inspectorIsShown, toggleInspector } from "./beside-screen";
import "./beside-screen.css";

/** Shows and hides the inspector beside what has the whole page. */
export function InspectorToggle() {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label="Inspector"
      aria-pressed={inspectorIsShown()}
      data-tip="Explain what is selected"
      onClick={toggleInspector}
    >
      <PanelRight />
    </button>
  );
}
