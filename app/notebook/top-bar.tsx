import { lazy, Suspense } from "solid-js";
import { NotebookTitle } from "./notebook-title";
import { useNotebook } from "./notebook-context";

const TopTools = lazy(async () => ({ default: (await import("./page-tools")).TopTools }));

/** The notebook's title, whether it is saved, what is wrong, what was spent, and its runs. */
export function TopBar() {
  const { store, drafts } = useNotebook();
  const saved = () => {
    if (!store.connected()) return drafts.unsaved() ? "reconnecting … what you type is kept here" : "reconnecting …";
    if (store.view.head.head.fileProblem !== null || drafts.stuck()) return "not saved";
    return drafts.unsaved() || store.view.head.head.savedAt === null ? "saving …" : "saved";
  };
  return (
    <header class="top-bar">
      <NotebookTitle />
      <span class="top-note" role="status">
        {saved()}
      </span>
      <Suspense>
        <TopTools />
      </Suspense>
    </header>
  );
}
