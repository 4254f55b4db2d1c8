import { For, Show } from "solid-js";
import type { TextForm } from "./text-forms";

const words: { readonly [Form in TextForm]: string } = { rendered: "Rendered", raw: "Raw", json: "Tree" };

/** Which way a text is shown, where there is more than one. */
export function FormSwitch(props: {
  readonly forms: readonly TextForm[];
  readonly form: TextForm;
  pick(form: TextForm): void;
}) {
  return (
    <Show when={props.forms.length > 1}>
      <span class="form-switch" role="group" aria-label="Show the text">
        <For each={props.forms}>
          {(form) => (
            <button
              type="button"
              aria-pressed={form === props.form}
              onClick={(event) => {
                event.stopPropagation();
                props.pick(form);
              }}
            >
              {words[form]}
            </button>
          )}
        </For>
      </span>
    </Show>
  );
}
