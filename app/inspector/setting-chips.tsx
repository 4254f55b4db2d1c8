import { Popover } from "@kobalte/core/popover";
import { createMemo, createSignal, For, Show } from "solid-js";
import type { CellView } from "#server/workbench/view.ts";
import { useNotebook } from "~/notebook/notebook-context";
import { settingsCell } from "~/notebook/settings-cell";
import { showInspectorTab } from "./inspector-tab";
import { fieldOf, useKinds } from "./kinds";
import { SettingField } from "./setting-field";
import { settingWords } from "./setting-words";
import "~/ui/popup.css";
import "./setting-chips.css";

/** Chips that fit into a cell's head. */
const mostChips = 3;

/** A cell's settings as chips; each opens the form of its setting. */
export function SettingChips(props: { readonly cell: CellView }) {
  const { store, select } = useNotebook();
  const shared = createMemo(() => settingsCell(store.view, props.cell));
  const chips = createMemo(() => settingWords(shared().configuration));
  // A chip keeps its place while its words change: the form it opened stays open.
  const places = createMemo(() =>
    chips()
      .slice(0, mostChips)
      .map(({ key }, index) => `${index} ${key}`),
  );
  return (
    <span class="setting-chips">
      <For each={places()}>
        {(place, index) => (
          <Chip cell={shared()} setting={place.slice(place.indexOf(" ") + 1)} words={chips()[index()]?.words ?? ""} />
        )}
      </For>
      <Show when={chips().length > mostChips}>
        <button
          type="button"
          class="chip more"
          title={chips()
            .slice(mostChips)
            .map(({ words }) => words)
            .join(" · ")}
          aria-label={`All settings of ${props.cell.path}`}
          onClick={() => {
            select({ cell: props.cell.path });
            showInspectorTab("settings");
          }}
        >
          +{chips().length - mostChips}
        </button>
      </Show>
    </span>
  );
}

function Chip(props: { readonly cell: CellView; readonly setting: string; readonly words: string }) {
  const { actions } = useNotebook();
  const kinds = useKinds();
  const [open, setOpen] = createSignal(false);
  const set = (value: unknown): void =>
    void actions.edit([
      { type: "set-configuration", cell: props.cell.path, path: [props.setting], value: value as never },
    ]);
  return (
    <Popover open={open()} onOpenChange={setOpen} placement="bottom-end">
      <Popover.Trigger class="chip" title={`Change ${props.setting}`}>
        {props.words}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          class="popup popup-form"
          onKeyDown={(event) => event.stopPropagation()}
          aria-label={`${props.setting} of ${props.cell.path}`}
        >
          <SettingField
            field={fieldOf(kinds.latest?.get(props.cell.kind), props.setting)}
            value={props.cell.configuration[props.setting]}
            set={set}
          />
          <div class="popup-actions">
            <button
              type="button"
              class="button"
              onClick={() => {
                setOpen(false);
                set(undefined);
              }}
            >
              Take it away
            </button>
            <Popover.CloseButton class="button">Done</Popover.CloseButton>
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover>
  );
}
