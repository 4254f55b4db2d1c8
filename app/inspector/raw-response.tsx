import { createSignal, Show } from "solid-js";
import type { Datum } from "#server/notebook/value.ts";
import { JsonTree } from "~/values/json-tree";
import "./raw-response.css";

/** What a provider sent besides its text, folded until it is asked for. */
export function RawResponse(props: { readonly value: Datum }) {
  const [open, setOpen] = createSignal(false);
  return (
    <details class="raw-response" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>raw response</summary>
      <Show when={open()}>
        <div class="raw-response-box">
          <JsonTree value={props.value} />
        </div>
      </Show>
    </details>
  );
}
