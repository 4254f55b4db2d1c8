import { Show } from "solid-js";
import { useNotebook } from "./notebook-context";

/** The notebook's title; a click makes it a field. */
export function NotebookTitle() {
  const { store, actions, page, actionContext } = useNotebook();
  const title = () => store.view.head.head.title;
  let left = false;
  function end(text: string | null): void {
    if (left) return;
    left = true;
    page.setTitleEdited(false);
    if (text !== null && text !== "" && text !== title())
      void actions.edit([{ type: "set-front-matter", path: ["title"], value: text }]);
    actionContext().page.focus("document");
  }
  return (
    <h1 class="top-title">
      <Show
        when={page.isTitleEdited()}
        fallback={
          <button
            type="button"
            class="title-button"
            data-tip="Change the title"
            aria-label={`${title()}: change the title`}
            onClick={() => {
              left = false;
              page.setTitleEdited(true);
            }}
          >
            {title()}
          </button>
        }
      >
        <input
          class="field"
          aria-label="Title of the notebook"
          value={title()}
          ref={(element) => {
            left = false;
            queueMicrotask(() => {
              element.focus();
              element.select();
            });
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter") end(event.currentTarget.value.trim());
            else if (event.key === "Escape") end(null);
            else return;
            event.preventDefault();
            event.stopPropagation();
          }}
          onBlur={(event) => end(event.currentTarget.value.trim())}
        />
      </Show>
    </h1>
  );
}
