import { For } from "solid-js";
import "./segments.css";

/** A few choices side by side, of which one holds. */
export function Segments<Choice extends { readonly word: string }>(props: {
  readonly label: string;
  readonly choices: readonly Choice[];
  isChosen(choice: Choice): boolean;
  choose(choice: Choice): void;
}) {
  return (
    <div class="segments" role="group" aria-label={props.label}>
      <For each={props.choices}>
        {(choice) => (
          <button type="button" aria-pressed={props.isChosen(choice)} onClick={() => props.choose(choice)}>
            {choice.word}
          </button>
        )}
      </For>
    </div>
  );
}
