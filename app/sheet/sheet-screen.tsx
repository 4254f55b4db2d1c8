import { A } from "@solidjs/router";
import { lazy, Show, Suspense } from "solid-js";
import { notebookAddress } from "~/notebook/notebook-address";
import { useNotebook } from "~/notebook/notebook-context";
import "./sheet-screen.css";

const SheetPanel = lazy(() => import("./sheet-panel").then(({ SheetPanel }) => ({ default: SheetPanel })));

const ColumnText = lazy(() => import("./column-text").then(({ ColumnText }) => ({ default: ColumnText })));

/** A sheet over the whole page, as a spreadsheet. */
export function SheetScreen(props: { readonly sheet: string }) {
  const { store } = useNotebook();
  return (
    <main class="sheet-screen" aria-label={props.sheet}>
      <Show
        when={store.view.cells[props.sheet]?.kind === "sheet"}
        fallback={
          <div class="empty">
            <h2>There is no sheet {props.sheet}</h2>
            <p>
              It may have been renamed or removed: <A href={notebookAddress(store.path)}>go to the document</A>.
            </p>
          </div>
        }
      >
        <Suspense>
          <ColumnText />
          <SheetPanel sheet={props.sheet} full />
        </Suspense>
      </Show>
    </main>
  );
}
