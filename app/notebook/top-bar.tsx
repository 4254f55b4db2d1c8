import { lazy, Suspense } from "solid-js";
import { NotebookTitle } from "./notebook-title";
import { useNotebook } from "./notebook-context";

const TopTools = lazy(async () => ({ default: (await import("./page-tools")).TopTools }));

/** The notebook's title, whether it is saved, what is wrong, what was spent, and its runs. */
export function TopBar() {
  const { store } = useNotebook();
  const saved = () => {
    if (!store.connected()) return "reconnecting …";
    if (store.view.head.head.fileProblem !== null) return "not saved";
    return store.view.head.head.savedAt === null ? "saving …" : "saved";
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
