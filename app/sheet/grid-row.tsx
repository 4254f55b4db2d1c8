import { createMemo, For, Show } from "solid-js";
import PanelRightOpen from "lucide-solid/icons/panel-right-open";
import type { GridColumn } from "./columns";
import { GridCell } from "./grid-cell";
import type { ColumnPlace } from "./grid-layout";
import { rowOfSlot, type RowWindow } from "./grid/row-window";
import { headerRow, rangeOf } from "./grid/selection";
import { useSheet } from "./sheet-context";

/** One row's element; it shows another row as the window moves. */
export function GridRow(props: {
  readonly slot: number;
  readonly slots: number;
  readonly window: RowWindow;
  readonly shift: number;
  readonly rowHeight: number;
  readonly pinned: readonly GridColumn[];
  readonly seen: readonly GridColumn[];
  placeOf(column: GridColumn): ColumnPlace;
}) {
  const { model, panels } = useSheet();
  const index = createMemo(() => rowOfSlot(props.slot, props.slots, props.window));
  const row = createMemo(() => (index() === null ? undefined : model.rows.row(index()!)));
  const isSelected = () => {
    const { top, bottom } = rangeOf(model.selection());
    return index() !== null && top !== headerRow && index()! >= top && index()! <= bottom;
  };
  return (
    <div
      class="sheet-row"
      role="row"
      aria-rowindex={index() === null ? undefined : index()! + 2}
      style={{
        transform: `translateY(${(index() ?? 0) * props.rowHeight + props.shift}px)`,
        display: index() === null ? "none" : undefined,
      }}
    >
      <div class="sheet-number" role="rowheader" aria-colindex={1} classList={{ on: isSelected() }}>
        <Show when={row()} fallback={<span class="sheet-wait" />}>
          {(now) => (
            <>
              <span>{now().ordinal}</span>
              <button
                type="button"
                class="sheet-detail-button"
                tabIndex={-1}
                aria-label={`The whole of row ${now().ordinal}`}
                title="The whole row (Mod+I)"
                onClick={() => panels.showDetail(index()!)}
              >
                <PanelRightOpen />
              </button>
            </>
          )}
        </Show>
      </div>
      <For each={props.pinned}>
        {(column) => <GridCell column={column} row={row()} index={index()} place={props.placeOf(column)} />}
      </For>
      <For each={props.seen}>
        {(column) => <GridCell column={column} row={row()} index={index()} place={props.placeOf(column)} />}
      </For>
    </div>
  );
}
