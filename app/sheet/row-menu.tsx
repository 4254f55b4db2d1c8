import { ContextMenu } from "@kobalte/core/context-menu";
import { Show, type ParentProps } from "solid-js";
import { focusFirst } from "~/ui/focus-first";
import { headerRow, rangeOf } from "./grid/selection";
import { useSheet } from "./sheet-context";

/** What can be done with the cells that are selected: by the right button, or Shift+F10. */
export function RowMenu(props: ParentProps) {
  const { model, hands, panels } = useSheet();
  const range = () => rangeOf(model.selection());
  const column = () => model.activeColumn();
  const isComputed = () => {
    const now = column();
    return now?.type === "cell" && now.kind !== "label";
  };
  const isPrompt = () => {
    const now = column();
    return now?.type === "cell" && now.kind === "prompt";
  };
  const Item = (item: ParentProps<{ readonly keys?: string; select(): unknown }>) => (
    <ContextMenu.Item class="sheet-popup-item" onSelect={() => void item.select()}>
      {item.children}
      <Show when={item.keys}>
        <span class="sheet-popup-note">{item.keys}</span>
      </Show>
    </ContextMenu.Item>
  );
  return (
    <ContextMenu preventScroll={false}>
      <ContextMenu.Trigger class="sheet-body-trigger" disabled={range().top === headerRow}>
        {props.children}
      </ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Content
          class="sheet-popup"
          ref={focusFirst}
          onKeyDown={(event: KeyboardEvent) => event.stopPropagation()}
        >
          <Item keys="Space" select={() => panels.openReader()}>
            Read in full size
          </Item>
          <Item keys="Mod+I" select={() => panels.showDetail(model.selection().active.row)}>
            Show the whole row
          </Item>
          <Show when={model.activeRow()}>
            {(row) => <Item select={() => hands.openAsInputs(row())}>Open this row as inputs</Item>}
          </Show>
          <Show when={isComputed()}>
            <ContextMenu.Separator class="sheet-popup-line" />
            <Item keys="Mod+Enter" select={() => hands.runSelection()}>
              Run selection
            </Item>
            <Item keys="Alt+D" select={() => panels.showDiff()}>
              Differences word by word
            </Item>
            <Show when={isPrompt()}>
              <Item keys="Alt+C" select={() => panels.compare()}>
                Compare side by side in this row
              </Item>
            </Show>
            <Item select={() => hands.lock(range(), true)}>Lock values</Item>
            <Item select={() => hands.lock(range(), false)}>Unlock values</Item>
          </Show>
          <Show when={column()?.type === "cell"}>
            <ContextMenu.Separator class="sheet-popup-line" />
            <Item keys="Enter" select={() => hands.edit()}>
              Edit
            </Item>
            <Item keys="Delete" select={() => hands.clear()}>
              Take back what was entered
            </Item>
          </Show>
        </ContextMenu.Content>
      </ContextMenu.Portal>
    </ContextMenu>
  );
}
