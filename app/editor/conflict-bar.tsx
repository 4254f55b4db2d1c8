import { createSignal, For, Show } from "solid-js";
import { useNotebook } from "~/notebook/notebook-context";
import type { Draft } from "./draft";
import { lineChanges } from "./line-changes";
import "./conflict-bar.css";

/** What stands between a text here and the server, and what can be done: both texts are there until somebody chooses. */
export function ConflictBar(props: { readonly path: string; readonly draft: Draft }) {
  const { drafts } = useNotebook();
  const [compared, setCompared] = createSignal(false);
  return (
    <Show
      when={props.draft.theirs !== null && { text: props.draft.theirs }}
      fallback={
        <div class="problem" role="alert">
          <div>
            <strong>Not saved: {props.draft.problem?.message}.</strong> {props.draft.problem?.cure} Your text is kept
            here.
          </div>
        </div>
      }
    >
      {(theirs) => (
        <div
          class="conflict"
          role="alert"
          // What is typed in stays so: an editor that is left by the press would move the button from under it.
          onMouseDown={(event) => event.target.closest("button") !== null && event.preventDefault()}
        >
          <div class="conflict-bar">
            <p>
              <strong>Changed elsewhere</strong> while you typed. Your text is kept here until you choose.
            </p>
            <span class="spring" />
            <button type="button" class="button" aria-expanded={compared()} onClick={() => setCompared(!compared())}>
              {compared() ? "Hide the difference" : "See the difference"}
            </button>
            <button type="button" class="button" onClick={() => drafts.choose(props.path, "take-theirs")}>
              Take theirs
            </button>
            <button type="button" class="button primary" onClick={() => drafts.choose(props.path, "keep-mine")}>
              Keep mine
            </button>
          </div>
          <Show when={compared()}>
            <div class="line-changes" role="group" aria-label="Lines of both texts">
              <For each={lineChanges(theirs().text, props.draft.text)}>
                {(line) => (
                  <div class={`line-change in-${line.in}`}>
                    <span class="line-change-side">{line.in === "both" ? "" : line.in}</span>
                    <span>{line.text === "" ? "\u00a0" : line.text}</span>
                  </div>
                )}
              </For>
            </div>
          </Show>
        </div>
      )}
    </Show>
  );
}
