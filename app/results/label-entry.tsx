import { For, Match, Show, Switch } from "solid-js";
import type { CellView } from "#server/workbench/view.ts";
import type { Datum } from "#server/notebook/value.ts";
import { cellSetting } from "~/notebook/cell-setting";
import { useNotebook } from "~/notebook/notebook-context";
import { outsideText } from "~/ui/outside-text";
import { exactJson } from "~/values/exact-json";
import { exactNumber } from "~/values/exact-number";
import "./label-entry.css";

/** Where a person enters the value of a label cell that stands outside sheets. */
export function LabelEntry(props: { readonly cell: CellView; readonly address: string }) {
  const { store, actions } = useNotebook();
  const type = () => cellSetting(props.cell, "type") ?? "string";
  const value = (): Datum => store.view.results[props.address]?.notes?.label ?? null;
  const help = () => cellSetting(props.cell, "help");
  const enter = (entered: Datum): Promise<boolean> =>
    actions.note({ address: props.address, type: "label", value: entered });
  return (
    <div class="label-entry">
      <Switch
        fallback={
          <input
            class="field"
            aria-label={props.cell.name}
            placeholder="not labelled yet"
            ref={outsideText(() => textOf(value()))}
            onChange={(event) => void enter(entered(event.currentTarget.value, type()))}
          />
        }
      >
        <Match when={Array.isArray(type()) && (type() as readonly string[])}>
          {(labels) => (
            <div class="label-choices" role="group" aria-label={props.cell.name}>
              <For each={labels()}>
                {(label) => (
                  <button
                    type="button"
                    class="chip"
                    classList={{ on: value() === label }}
                    aria-pressed={value() === label}
                    onClick={() => void enter(value() === label ? null : label)}
                  >
                    {label}
                  </button>
                )}
              </For>
            </div>
          )}
        </Match>
        <Match when={type() === "boolean"}>
          <input
            type="checkbox"
            aria-label={props.cell.name}
            checked={value() === true}
            onChange={async ({ currentTarget: box }) => {
              // What is not kept is not shown as if it were.
              if (!(await enter(box.checked))) box.checked = value() === true;
            }}
          />
        </Match>
      </Switch>
      <Show when={help()}>{(words) => <span class="dim">{String(words())}</span>}</Show>
    </div>
  );
}

function textOf(value: Datum): string {
  if (value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** What was typed, by the label's type; nothing takes the label away. */
function entered(text: string, type: Datum): Datum {
  if (text.trim() === "") return null;
  // What is none of it goes as it is: the server says what it is to be.
  if (type === "number") return exactNumber(text) ?? text;
  return type === "json" ? (exactJson(text) ?? text) : text;
}
