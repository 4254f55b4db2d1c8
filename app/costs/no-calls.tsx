import { A } from "@solidjs/router";
import { Show } from "solid-js";

/** That there are no such calls, and what to do. */
export function NoCalls(props: { readonly filtered: boolean }) {
  return (
    <div class="empty">
      <Show
        when={props.filtered}
        fallback={
          <>
            <h2>No model was called in this time</h2>
            <p>
              Run a prompt of a <A href="/">notebook</A>: each call is kept with its tokens, its price and how long it
              took.
            </p>
          </>
        }
      >
        <h2>No call is of all of these</h2>
        <p>Take one of them away, or look at a longer time.</p>
      </Show>
    </div>
  );
}
