import { lazy, Show, Suspense } from "solid-js";
import type { CellView } from "#server/workbench/view.ts";
import { useNotebook } from "~/notebook/notebook-context";
import "./sheet-block.css";

const SheetPanel = lazy(() => import("./sheet-panel").then(({ SheetPanel }) => ({ default: SheetPanel })));

/** Rows that are seen at once in the document, at most. */
const mostRows = 12;

/** A sheet in the document: its grid, with its space kept until it is there. */
export function SheetBlock(props: { readonly cell: CellView }) {
  const { store } = useNotebook();
  const sheet = () => store.view.sheets[props.cell.path];
  const hasVariants = () => (sheet()?.columns ?? []).some((id) => (store.view.nodes[id]?.axes.length ?? 0) > 0);
  /** The header, as many rows as there are, and the line around. */
  const height = () => (hasVariants() ? 76 : 56) + Math.min(mostRows, Math.max(3, sheet()?.rowCount ?? 3)) * 30 + 3;
  return (
    <div class="sheet-block" style={{ "--sheet-height": `${height()}px` }}>
      <Show when={sheet()} fallback={<div class="sheet-block-space" />}>
        <Suspense fallback={<div class="sheet-block-space" />}>
          <SheetPanel sheet={props.cell.path} full={false} />
        </Suspense>
      </Show>
    </div>
  );
}
