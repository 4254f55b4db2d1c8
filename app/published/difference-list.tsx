import { For } from "solid-js";
import CircleAlert from "lucide-solid/icons/circle-alert";
import CircleDot from "lucide-solid/icons/circle-dot";
import type { Difference } from "#server/publish/compare-contracts.ts";

/** What callers would notice, what breaks for them first. */
export function DifferenceList(props: { readonly differences: readonly Difference[] }) {
  return (
    <ul class="differences">
      <For
        each={props.differences}
        fallback={
          <li class="dim">Callers give and get the same, from the same models. What is in the answers may differ.</li>
        }
      >
        {({ breaks, text }) => (
          <li class="difference" classList={{ breaks }}>
            {breaks ? <CircleAlert /> : <CircleDot />}
            <span>
              <strong>{breaks ? "Breaks callers: " : ""}</strong>
              {text.replaceAll("`", "")}
            </span>
          </li>
        )}
      </For>
    </ul>
  );
}
