import { createMemo, For } from "solid-js";
import { wordDiff } from "./word-diff";

/** What differs between two texts, by words: what is in one alone is struck out or underlined, not told by colour only. */
export function DiffView(props: {
  readonly before: string;
  readonly after: string;
  readonly words: readonly [string, string];
}) {
  const parts = createMemo(() => wordDiff(props.before, props.after));
  return (
    <div class="diff">
      <p class="diff-legend">
        <del>only in {props.words[0]}</del> <ins>only in {props.words[1]}</ins>
      </p>
      <p class="diff-text">
        <For each={parts()}>
          {({ type, text }) =>
            type === "added" ? <ins>{text}</ins> : type === "removed" ? <del>{text}</del> : <span>{text}</span>
          }
        </For>
      </p>
    </div>
  );
}
