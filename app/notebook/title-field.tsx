import { useNotebook } from "./notebook-context";
import { useHands } from "./use-hands";

/** The field in which the notebook's title is edited: Enter or leaving it keeps it, Escape does not. */
export function TitleField() {
  const { store, actions, page } = useNotebook();
  const { actionContext } = useHands();
  const title = store.view.head.head.writtenTitle;
  let left = false;
  function end(text: string | null): void {
    if (left) return;
    left = true;
    page.setTitleEdited(false);
    if (text !== null && text !== "" && text !== title)
      void actions.edit([{ type: "set-front-matter", path: ["title"], value: text }]);
    actionContext().page.focus("document");
  }
  return (
    <input
      class="field"
      aria-label="Title of the notebook"
      value={title}
      ref={(element) =>
        queueMicrotask(() => {
          element.focus();
          element.select();
        })
      }
      onKeyDown={(event) => {
        if (event.key === "Enter") end(event.currentTarget.value.trim());
        else if (event.key === "Escape") end(null);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
      onBlur={(event) => end(event.currentTarget.value.trim())}
    />
  );
}
