import { For, Show } from "solid-js";
import ThumbsDown from "lucide-solid/icons/thumbs-down";
import ThumbsUp from "lucide-solid/icons/thumbs-up";
import type { NotesView } from "#server/workbench/view.ts";
import { useNotebook } from "~/notebook/notebook-context";
import { moment } from "~/values/moment";
import { numberText } from "~/values/value-summary";
import { commentDraft, keepComment, typeComment } from "./comment-drafts";

/** Under what name a person's verdict by hand is kept. */
const byHand = "person";

/** What people said of a result: a verdict, comments, a lock or an edit. */
export function ResultNotes(props: {
  readonly address: string;
  readonly notes: NotesView | null;
  readonly override: "locked" | "edited" | null;
}) {
  const { store, actions } = useNotebook();
  const subject = () => `${store.path}\n${props.address}`;
  const note = (type: string, more: { readonly [field: string]: unknown } = {}): Promise<boolean> =>
    actions.note({ address: props.address, type, ...more });
  const scores = () => Object.entries(props.notes?.scores ?? {});
  const given = () => props.notes?.scores[byHand]?.score;
  const judge = (score: number): void => void note("score", { name: byHand, score: given() === score ? null : score });
  return (
    <>
      <h3>notes</h3>
      <div class="notes-row">
        <button
          type="button"
          class="chip"
          classList={{ on: given() === 1 }}
          aria-pressed={given() === 1}
          onClick={() => judge(1)}
        >
          <ThumbsUp aria-hidden="true" /> good
        </button>
        <button
          type="button"
          class="chip"
          classList={{ on: given() === 0 }}
          aria-pressed={given() === 0}
          onClick={() => judge(0)}
        >
          <ThumbsDown aria-hidden="true" /> bad
        </button>
        <span class="spring" />
        <Show
          when={props.override === "edited"}
          fallback={
            <button
              type="button"
              class="button"
              aria-pressed={props.override === "locked"}
              onClick={() => void note(props.override === "locked" ? "unlocked" : "locked")}
            >
              {props.override === "locked" ? "Unlock" : "Lock"}
            </button>
          }
        >
          <button type="button" class="button" onClick={() => void note("restored")}>
            Take the edit back
          </button>
        </Show>
      </div>
      <For each={scores().filter(([name]) => name !== byHand)}>
        {([name, { score, reason }]) => (
          <p>
            <code>{name}</code> {numberText(score)} <span class="dim">{reason}</span>
          </p>
        )}
      </For>
      <ul class="comments">
        <For each={props.notes?.comments ?? []}>
          {(comment) => (
            <li>
              <span class="dim">
                {comment.author === undefined ? "" : `${comment.author}, `}
                {moment(Date.parse(comment.time))}
              </span>
              <p>{comment.text}</p>
            </li>
          )}
        </For>
      </ul>
      <form
        class="comment-form"
        onSubmit={(event) => {
          event.preventDefault();
          void keepComment(subject(), (text) => note("comment", { text }));
        }}
      >
        <input
          class="field"
          aria-label="Comment on this answer"
          placeholder="Comment on this answer"
          value={commentDraft(subject())}
          onInput={(event) => typeComment(subject(), event.currentTarget.value)}
        />
        <Show when={commentDraft(subject()).trim() !== ""}>
          <button type="submit" class="button">
            Keep
          </button>
        </Show>
      </form>
    </>
  );
}
