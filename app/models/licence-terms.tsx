import { For, Show } from "solid-js";
import type { Licence } from "#server/models/files/model-file.ts";
import { bytesText } from "~/ui/words";

/** The terms of a model, to be read and agreed to before it is fetched. */
export function LicenceTerms(props: { readonly licence: Licence; readonly bytes: number; agree(): void }) {
  return (
    <div class="terms">
      <h3>{props.licence.title}</h3>
      <p>
        <For each={(props.licence.agreement ?? "").split(/(https:\/\/[^\s)]*[^\s).,])/)}>
          {(part) => (
            <Show when={part.startsWith("https://")} fallback={part}>
              <a href={part} target="_blank" rel="noreferrer">
                {part}
              </a>
            </Show>
          )}
        </For>
      </p>
      <button type="button" class="button primary" onClick={() => props.agree()}>
        I agree, fetch {bytesText(props.bytes)}
      </button>
    </div>
  );
}
