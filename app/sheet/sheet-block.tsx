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
  /** Whether two variants of a score are compared below it. */
  const compares = () =>
    (sheet()?.columns ?? []).some((id) => {
      const node = store.view.nodes[id];
      return node?.kind === "score" && node.axes.some(({ name, labels }) => name !== "repeat" && labels.length > 1);
    });
  const hasVariants = () => (sheet()?.columns ?? []).some((id) => (store.view.nodes[id]?.axes.length ?? 0) > 0);
  /** The header, as many rows as there are, and the line around. */
  const height = () => (hasVariants() ? 76 : 56) + Math.min(mostRows, Math.max(3, sheet()?.rowCount ?? 3)) * 30 + 1;
  return (
    <div
      class="sheet-block"
      style={{ "--sheet-height": `${height()}px`, "--sheet-around": compares() ? "144px" : "65px" }}
    >
      <Show when={sheet()} fallback={<div class="sheet-block-space" />}>
        <Suspense fallback={<div class="sheet-block-space" />}>
          <SheetPanel sheet={props.cell.path} full={false} />
        </Suspense>
      </Show>
    </div>
  );
}
