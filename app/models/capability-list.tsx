import { For } from "solid-js";
import type { KnownCapabilities } from "#server/models/capabilities/known-capabilities.ts";
import { capabilityWords } from "./capability-words";

/** What is known that a model can do, and cannot, in words; a tip says what each means and who says it. */
export function CapabilityList(props: { readonly known: KnownCapabilities }) {
  return (
    <span class="model-words">
      <For each={capabilityWords(props.known)}>
        {({ word, lacks, tip }) => (
          <span class="model-word" classList={{ lacks }} data-tip={tip}>
            {word}
          </span>
        )}
      </For>
    </span>
  );
}
