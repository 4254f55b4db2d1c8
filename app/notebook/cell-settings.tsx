import { createMemo, lazy, Show, Suspense } from "solid-js";
import type { CellView } from "#server/workbench/view.ts";
import { CellEditor } from "~/editor/cell-editor";
import { settingsPart } from "~/editor/cell-part";
import { useNotebook } from "./notebook-context";
import "./cell-settings.css";

const ConflictBar = lazy(async () => ({ default: (await import("~/editor/conflict-bar")).ConflictBar }));

/** The settings of a cell as the text they are. */
export function CellSettings(props: { readonly cell: CellView }) {
  const { drafts } = useNotebook();
  const part = () => settingsPart(props.cell.path);
  const draft = createMemo(() => drafts.of(part()));
  return (
    <>
      <div class="cell-source cell-settings">
        <CellEditor cell={props.cell} settings />
      </div>
      <Show when={draft()?.theirs != null || draft()?.problem != null}>
        <Suspense>
          <ConflictBar path={part()} draft={draft()!} />
        </Suspense>
      </Show>
    </>
  );
}
