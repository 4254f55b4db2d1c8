import { DropdownMenu } from "@kobalte/core/dropdown-menu";
import { For, Show } from "solid-js";
import { filterText, type ViewFilter } from "#server/notebook/sheet-view.ts";
import { columnRef, type GridColumn } from "./columns";
import { operandOf } from "./filter-draft";
import { useSheet } from "./sheet-context";

/** Filters of a column that are one choice away: its most frequent values, its states, and the editor for all others. */
export function FilterMenuItems(props: { readonly column: GridColumn }) {
  const { model } = useSheet();
  const ready = (): readonly ViewFilter[] => {
    const { column } = props;
    const ref = columnRef(column);
    const top = model.figures.of(column)?.top ?? [];
    const values = top.slice(0, 6).flatMap(({ value }): ViewFilter[] => {
      const operand = operandOf(value);
      return operand === null ? [] : [{ type: "is", column: ref, value: operand }];
    });
    const states: ViewFilter[] =
      ref.type === "row" || (column.type === "cell" && column.kind === "label")
        ? [{ type: "empty", column: ref }]
        : (["failed", "stale", "never", "edited", "locked"] as const).map((state) => ({
            type: "state",
            column: ref,
            state,
          }));
    return [...values, ...states];
  };
  const add = (filter: ViewFilter): void => model.arrange({ filters: [...model.settings().filters, filter] });
  return (
    <DropdownMenu.Sub gutter={2}>
      <DropdownMenu.SubTrigger class="sheet-popup-item">
        Filter<span class="sheet-popup-note">▸</span>
      </DropdownMenu.SubTrigger>
      <DropdownMenu.Portal>
        <DropdownMenu.SubContent class="sheet-popup" onKeyDown={(event: KeyboardEvent) => event.stopPropagation()}>
          <For each={ready()}>
            {(filter) => (
              <DropdownMenu.Item class="sheet-popup-item" onSelect={() => add(filter)}>
                <span class="sheet-popup-text">{filterText(filter)}</span>
              </DropdownMenu.Item>
            )}
          </For>
          <Show when={props.column.type === "cell" && props.column.label !== ""}>
            <DropdownMenu.Item
              class="sheet-popup-item"
              onSelect={() =>
                add({
                  type: "differs",
                  column: { type: "cell", cell: (props.column as { cell: string }).cell, at: {} },
                })
              }
            >
              differences only
            </DropdownMenu.Item>
          </Show>
        </DropdownMenu.SubContent>
      </DropdownMenu.Portal>
    </DropdownMenu.Sub>
  );
}
