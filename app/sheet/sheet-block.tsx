import { A } from "@solidjs/router";
import { lazy, Show, Suspense } from "solid-js";
import Maximize from "lucide-solid/icons/maximize-2";
import type { CellView } from "#server/workbench/view.ts";
import { notebookAddress } from "~/notebook/notebook-address";
import { useNotebook } from "~/notebook/notebook-context";
import "./sheet-block.css";

const SheetPanel = lazy(() => import("./sheet-panel").then(({ SheetPanel }) => ({ default: SheetPanel })));

/** Rows that are seen at once in the document, at most. */
const mostRows = 12;

/** A sheet in the document: its grid, with its space kept until it is there. */
export function SheetBlock(props: { readonly cell: CellView }) {
  const { store } = useNotebook();
  const sheet = () => store.view.sheets[props.cell.path];
  const height = () => 56 + 20 + 34 * 2 + Math.min(mostRows, Math.max(3, sheet()?.rowCount ?? 3)) * 30 + 2;
  return (
    <div class="sheet-block" style={{ "--sheet-height": `${height()}px` }}>
      <A class="sheet-open" href={`${notebookAddress(store.path)}?sheet=${encodeURIComponent(props.cell.path)}`}>
        <Maximize aria-hidden="true" /> full screen
      </A>
      <Show when={sheet()} fallback={<div class="sheet-block-space" />}>
        <Suspense fallback={<div class="sheet-block-space" />}>
          <SheetPanel sheet={props.cell.path} full={false} />
        </Suspense>
      </Show>
    </div>
  );
}
