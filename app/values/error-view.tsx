import { Show } from "solid-js";
import CircleAlert from "lucide-solid/icons/circle-alert";
import type { CellError } from "#server/notebook/value.ts";
import { useNotebook } from "~/notebook/notebook-context";
import { asSentence } from "~/ui/as-sentence";
import { CodeWords } from "~/ui/code-words";
import { goToPlace } from "./go-to-place";

/** What happened, where, and what to do. The place goes there. */
export function ErrorView(props: { readonly error: CellError; readonly cell: string | null }) {
  const { select } = useNotebook();
  return (
    <div class="value-error" role="group" aria-label="Error">
      <CircleAlert aria-hidden="true" />
      <div>
        <p class="value-error-message">
          <CodeWords text={asSentence(props.error.message)} />
        </p>
        <Show when={props.error.cure}>
          {(cure) => (
            <p class="value-error-cure">
              <CodeWords text={cure()} />
            </p>
          )}
        </Show>
        <Show when={props.error.position}>
          {(position) => (
            <button
              type="button"
              class="link"
              disabled={props.cell === null}
              onClick={(event) => {
                event.stopPropagation();
                goToPlace(props.cell!, position(), select);
              }}
            >
              line {position().line} of the file, column {position().column}
            </button>
          )}
        </Show>
      </div>
    </div>
  );
}
