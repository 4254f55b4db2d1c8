import { For, Show } from "solid-js";
import { asSentence } from "~/ui/as-sentence";
import { useNotebook } from "./notebook-context";
import "./not-a-notebook.css";

/** What stands above a file that is no notebook: why, where, and what makes it one. Its text follows as it is. */
export function NotANotebook() {
  const { store, actions } = useNotebook();
  const problems = () => store.view.head.head.diagnostics;
  /** What is wrong with its front matter is mended there; a version, or one that is missing, can be written. */
  const canBeMade = () => problems().every(({ code }) => code === "notebook.version");
  return (
    <section class="not-a-notebook" aria-label="Why this is no notebook">
      <h2>This file is no notebook</h2>
      <For each={problems()}>
        {({ message, cure, position }) => (
          <p>
            <b>Line {position.line}:</b> {asSentence(message)} {cure}
          </p>
        )}
      </For>
      <p>
        A notebook is Markdown whose front matter, between two lines <code>---</code> at its head, has{" "}
        <code>sheaf: 1</code>. Nothing in this file is run.
      </p>
      <Show
        when={canBeMade()}
        fallback={<p>Correct {store.view.head.head.path} in an editor: it is read again when it is saved.</p>}
      >
        <button
          type="button"
          class="button"
          onClick={() => void actions.edit([{ type: "set-front-matter", path: ["sheaf"], value: 1 }])}
        >
          Write <code>sheaf: 1</code> into its front matter
        </button>
      </Show>
    </section>
  );
}
