import { lazy, Show, Suspense } from "solid-js";
import type { CellView } from "#server/workbench/view.ts";
import { useNotebook } from "./notebook-context";

const NameField = lazy(async () => ({ default: (await import("./name-field")).NameField }));

/** A cell's name; F2 or a double click makes it a field, and every reference follows the new name. */
export function CellName(props: { readonly cell: CellView }) {
  const { page } = useNotebook();
  return (
    <Show
      when={page.renaming() === props.cell.path}
      fallback={
        <span class="cell-name" onDblClick={() => page.setRenaming(props.cell.path)}>
          {props.cell.label === null ? props.cell.name : `${props.cell.name}.${props.cell.label}`}
        </span>
      }
    >
      <Suspense>
        <NameField cell={props.cell} />
      </Suspense>
    </Show>
  );
}
