import { createSignal, Show } from "solid-js";
import type { Datum } from "#server/notebook/value.ts";
import { JsonTree } from "~/values/json-tree";
import "./folded-json.css";

/** What a provider was sent or sent besides text, folded until it is asked for. */
export function FoldedJson(props: { readonly title: string; readonly value: Datum }) {
  const [open, setOpen] = createSignal(false);
  return (
    <details class="folded-json" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{props.title}</summary>
      <Show when={open()}>
        <div class="folded-json-box">
          <JsonTree value={props.value} />
        </div>
      </Show>
    </details>
  );
}
