import { lazy, Show, Suspense } from "solid-js";
import { useNotebook } from "./notebook-context";

const TitleField = lazy(async () => ({ default: (await import("./title-field")).TitleField }));

/** The notebook's title; a click makes it a field. */
export function NotebookTitle() {
  const { store, page } = useNotebook();
  const title = () => store.view.head.head.title;
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
            onClick={() => page.setTitleEdited(true)}
          >
            {title()}
          </button>
        }
      >
        <Suspense>
          <TitleField />
        </Suspense>
      </Show>
    </h1>
  );
}
