import { DropdownMenu } from "@kobalte/core/dropdown-menu";
import { For, Show } from "solid-js";
import Ellipsis from "lucide-solid/icons/ellipsis";
import "./popup.css";

/** One thing that can be done with a row. */
export interface RowAction {
  readonly label: string;
  readonly keys?: string;
  run(): void;
}

/** The button at a row's end that opens what can be done with it. */
export function RowMenu(props: { readonly label: string; readonly actions: readonly RowAction[] }) {
  return (
    <DropdownMenu placement="bottom-end">
      <DropdownMenu.Trigger class="icon-button" aria-label={props.label} title="More">
        <Ellipsis />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content class="popup">
          <For each={props.actions}>
            {(action) => (
              <DropdownMenu.Item class="popup-item" onSelect={() => action.run()}>
                {action.label}
                <Show when={action.keys}>
                  {(keys) => (
                    <>
                      <span class="spring" />
                      <kbd>{keys()}</kbd>
                    </>
                  )}
                </Show>
              </DropdownMenu.Item>
            )}
          </For>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  );
}
