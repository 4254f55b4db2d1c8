import { Popover } from "@kobalte/core/popover";
import { createMemo, createSignal, For, Show } from "solid-js";
import type { CellView } from "#server/workbench/view.ts";
import { useNotebook } from "~/notebook/notebook-context";
import { settingsCell } from "~/notebook/settings-cell";
import { holdKeys } from "~/ui/type-ahead";
import { showInspectorTab } from "./inspector-tab";
import { fieldOf, useKinds } from "./kinds";
import { SettingField } from "./setting-field";
import { settingWords } from "./setting-words";
import "~/ui/popup.css";
import "./setting-chips.css";

const wide = window.matchMedia("(min-width: 1500px)");
const [isWide, setWide] = createSignal(wide.matches);
wide.addEventListener("change", ({ matches }) => setWide(matches));

/** How many chips fit into a cell's head beside its state. */
function fitting(words: readonly string[]): number {
  const most = isWide() ? 72 : 36;
  let length = 0;
  const over = words.findIndex((word) => (length += word.length) > most);
  return Math.min(4, over < 0 ? words.length : Math.max(1, over));
}

/** A cell's settings as chips; each opens the form of its setting. */
export function SettingChips(props: { readonly cell: CellView }) {
  const { store, select } = useNotebook();
  const shared = createMemo(() => settingsCell(store.view, props.cell));
  const chips = createMemo(() => settingWords(shared().configuration));
  const fit = createMemo(() => fitting(chips().map(({ words }) => words)));
  // A chip keeps its place while its words change: the form it opened stays open.
  const places = createMemo(() =>
    chips()
      .slice(0, fit())
      .map(({ key }, index) => `${index} ${key}`),
  );
  return (
    <span class="setting-chips">
      <For each={places()}>
        {(place, index) => (
          <Chip cell={shared()} setting={place.slice(place.indexOf(" ") + 1)} words={chips()[index()]?.words ?? ""} />
        )}
      </For>
      <Show when={chips().length > fit()}>
        <button
          type="button"
          class="chip more"
          title={chips()
            .slice(fit())
            .map(({ words }) => words)
            .join(" · ")}
          aria-label={`+${chips().length - fit()}: all settings of ${props.cell.path}`}
          onClick={() => {
            select({ cell: props.cell.path });
            showInspectorTab("settings");
          }}
        >
          +{chips().length - fit()}
        </button>
      </Show>
    </span>
  );
}

function Chip(props: { readonly cell: CellView; readonly setting: string; readonly words: string }) {
  const { actions } = useNotebook();
  const kinds = useKinds();
  const [open, setOpen] = createSignal(false);
  let form!: HTMLDivElement;
  const show = (isOpen: boolean): void => {
    if (isOpen) holdKeys();
    setOpen(isOpen);
  };
  const set = (value: unknown): void =>
    void actions.edit([
      { type: "set-configuration", cell: props.cell.path, path: [props.setting], value: value as never },
    ]);
  return (
    // Without its kind a field would be another control, and what is typed there meanwhile would be lost.
    <Popover open={open() && kinds.latest !== undefined} onOpenChange={show} placement="bottom-end">
      <Popover.Trigger class="chip" title={`Change ${props.setting}`}>
        {props.words}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          class="popup popup-form"
          ref={form}
          onKeyDown={(event: KeyboardEvent) => event.stopPropagation()}
          onOpenAutoFocus={(event: Event) => {
            const field = form.querySelector<HTMLInputElement>("input, textarea, select");
            if (field === null) return;
            event.preventDefault();
            field.focus();
            // What is typed takes its place. A list has no text to choose.
            field.select?.();
          }}
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
