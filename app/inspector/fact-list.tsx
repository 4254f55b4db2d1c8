import { For, Show } from "solid-js";
import { copyText } from "~/values/copy-text";
import type { Fact } from "./call-facts";

/** Facts as terms and what they came to. Keys and names are copied by a click. */
export function FactList(props: { readonly facts: readonly Fact[] }) {
  return (
    <dl class="facts">
      <For each={props.facts}>
        {({ term, text, mono }) => (
          <>
            <dt>{term}</dt>
            <dd>
              <Show when={mono} fallback={text}>
                <button
                  type="button"
                  class="fact-key"
                  title={`${text}: click to copy`}
                  onClick={() => void copyText(text)}
                >
                  {text}
                </button>
              </Show>
            </dd>
          </>
        )}
      </For>
    </dl>
  );
}
