import { Show } from "solid-js";
import { Tooltip } from "@kobalte/core/tooltip";
import { keyText } from "~/actions/press";
import { isMac } from "./platform";
import { CodeWords } from "./code-words";
import type { Tip } from "./tooltip";
import "./tooltip.css";

/** The words beside an element. */
export function TooltipPopup(props: { readonly tip: Tip }) {
  const rect = () => {
    const { x, y, width, height } = props.tip.element.getBoundingClientRect();
    return { x, y, width, height };
  };
  return (
    <Tooltip open getAnchorRect={rect} placement="bottom" gutter={6}>
      <Tooltip.Portal>
        <Tooltip.Content class="tooltip">
          <span>
            <CodeWords text={props.tip.text} />
          </span>
          <Show when={props.tip.keys}>{(keys) => <kbd>{keyText(keys(), isMac)}</kbd>}</Show>
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip>
  );
}
