import { Show } from "solid-js";
import type { CellError } from "#server/notebook/value.ts";

/** What went wrong, where, and what to do about it. */
export function ProblemBox(props: { readonly error: CellError; readonly again?: () => void }) {
  const at = () => props.error.position;
  return (
    <div class="problem" role="alert" style={{ margin: "16px 0" }}>
      <div>
        <strong>
          <Show when={at()}>{(position) => `Line ${position().line}: `}</Show>
          {props.error.message}.
        </strong>{" "}
        {props.error.cure}
      </div>
      <Show when={props.again}>
        {(again) => (
          <>
            <span class="spring" />
            <button type="button" class="button" onClick={() => again()()}>
              Try again
            </button>
          </>
        )}
      </Show>
    </div>
  );
}
