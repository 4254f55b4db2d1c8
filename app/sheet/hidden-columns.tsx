import { DropdownMenu } from "@kobalte/core/dropdown-menu";
import { For, Show } from "solid-js";
import { axesOf } from "./column-slots";
import { useSheet } from "./sheet-context";

/** Columns that are hidden, to be shown again; how rows are set, and which axes go down in them. */
export function HiddenColumns() {
  const { model } = useSheet();
  const axes = () => axesOf(model.columns());
  const down = () => model.settings().down;
  const hidden = () => model.allColumns().filter(({ id }) => model.settings().hidden.includes(id));
  return (
    <DropdownMenu gutter={2} placement="bottom-end" preventScroll={false}>
      <DropdownMenu.Trigger class="sheet-pill">
        {hidden().length === 0 ? "View" : `${hidden().length} hidden`}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content class="sheet-popup">
          <DropdownMenu.CheckboxItem
            class="sheet-popup-item"
            checked={model.settings().wrap}
            onChange={(wrap) => model.arrange({ wrap })}
          >
            <DropdownMenu.ItemIndicator>✓</DropdownMenu.ItemIndicator>
            Wrap text
          </DropdownMenu.CheckboxItem>
          <For each={axes()}>
            {(axis) => (
              <DropdownMenu.CheckboxItem
                class="sheet-popup-item"
                checked={down().includes(axis)}
                onChange={(goes) =>
                  model.arrange({ down: goes ? [...down(), axis] : down().filter((each) => each !== axis) })
                }
              >
                <DropdownMenu.ItemIndicator>✓</DropdownMenu.ItemIndicator>
                {axis} goes down, a line a label
              </DropdownMenu.CheckboxItem>
            )}
          </For>
          <Show when={hidden().length > 0}>
            <DropdownMenu.Separator class="sheet-popup-line" />
            <For each={hidden()}>
              {(column) => (
                <DropdownMenu.Item
                  class="sheet-popup-item"
                  onSelect={() => model.arrange({ hidden: model.settings().hidden.filter((id) => id !== column.id) })}
                >
                  Show {column.type === "row" ? column.name : `${column.cell} ${column.label}`}
                </DropdownMenu.Item>
              )}
            </For>
            <DropdownMenu.Item class="sheet-popup-item" onSelect={() => model.arrange({ hidden: [] })}>
              Show all columns
            </DropdownMenu.Item>
          </Show>
          <DropdownMenu.Separator class="sheet-popup-line" />
          <DropdownMenu.Item
            class="sheet-popup-item"
            onSelect={() => model.arrange({ widths: {}, order: [], pinned: [], down: [] })}
          >
            Arrange columns as they were
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  );
}
