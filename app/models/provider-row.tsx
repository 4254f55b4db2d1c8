import { Show } from "solid-js";
import CircleCheck from "lucide-solid/icons/circle-check";
import CircleDashed from "lucide-solid/icons/circle-dashed";
import type { ProviderState } from "#server/models/index.ts";

/** A provider or endpoint, the variable its key comes from, and whether it is set. */
export function ProviderRow(props: { readonly provider: ProviderState }) {
  return (
    <li class="list-row">
      <span class="list-title">
        <span class="mono">{props.provider.name}/…</span> <span class="dim provider-title">{props.provider.title}</span>
      </span>
      <Show when={props.provider.keyVariable} fallback={<span class="list-fact">no key needed</span>}>
        {(variable) => (
          <>
            <span class="list-fact mono">{variable()}</span>
            <span class="state-word" classList={{ good: props.provider.usable }}>
              {props.provider.usable ? <CircleCheck /> : <CircleDashed />}
              {props.provider.usable ? "is set" : "is not set"}
            </span>
          </>
        )}
      </Show>
    </li>
  );
}
