import { createEffect, createMemo, Index, on, onCleanup, onMount, Show } from "solid-js";
import { useSheet } from "./sheet-context";
import type { ColumnSlot } from "./column-slots";
import type { GridColumn } from "./columns";
import { canvasHeight } from "./grid/scroll-position";
import { GridHead } from "./grid-head";
import { onGridKey } from "./grid-keys";
import { createGridLayout } from "./grid-layout";
import { GridMarks } from "./grid-marks";
import { createGridPointer } from "./grid-pointer";
import { GridRow } from "./grid-row";
import "./sheet-grid.css";

/** The grid of a sheet: rows as they come into sight, both ways; arrows, ranges and typing as in a spreadsheet. */
export function SheetGrid(props: {
  readonly openMenu: (column: GridColumn) => void;
  readonly menuOf: string | null;
  closeMenu(): void;
  /** Whether it takes the focus where nothing has it: over the whole page it is what one came for. */
  readonly takesFocus: boolean;
}) {
  const { model, hands, panels } = useSheet();
  const { columns, rows, selection, settings } = model;
  let scroller!: HTMLDivElement;
  const layout = createGridLayout(model, () => scroller);
  const { view, rowHeight, rowCount, pinned, seen, window, show } = layout;
  const onPointerDown = createGridPointer({ model, hands }, layout, () => scroller, focusActive);

  /** Which columns are in sight is known once there is a width. */
  const isDrawn = createMemo(() => model.isDrawn() && view().width > 0);

  createEffect(() => {
    const { first, last } = window();
    rows.want(first, Math.max(last, Math.ceil(layout.bodyView() / rowHeight())));
  });
  // What is typed into stays in sight when something opens beside the grid.
  const width = createMemo(() => view().width);
  createEffect(
    on(width, (_, before) => {
      if (before !== undefined && before > 0) show(selection().active);
    }),
  );
  const columnsOf = (slots: readonly ColumnSlot[]) => slots.flatMap(({ lines }) => lines.map(({ column }) => column));
  createEffect(() => model.setSeen(columnsOf([...pinned(), ...seen()])));
  const pinnedColumns = createMemo(() => columnsOf(pinned()));
  const seenColumns = createMemo(() => columnsOf(seen()));
  createEffect(() => model.setPage(Math.max(1, Math.floor(layout.bodyView() / rowHeight()) - 1)));
  // Another height of rows or another list keeps the same row at the top.
  createEffect(
    on(rowHeight, (now, before) => {
      if (before !== undefined) layout.bring((layout.position().offset / before) * now);
    }),
  );
  createEffect(on(rowCount, layout.meet, { defer: true }));

  model.setGrid({ reveal: show, focus: focusActive, hasFocus });
  onMount(() => {
    const observer = new ResizeObserver(() =>
      layout.setView({ width: scroller.clientWidth, height: scroller.clientHeight }),
    );
    observer.observe(scroller);
    onCleanup(() => observer.disconnect());
    if (props.takesFocus && document.activeElement === document.body) focusActive();
  });

  /** Focus is on the active cell where that is in the document, and on the grid where it is not. */
  function focusActive(): void {
    const cell = scroller.querySelector<HTMLElement>("[data-active]");
    (cell ?? scroller).focus({ preventScroll: true });
  }
  function hasFocus(): boolean {
    return document.activeElement === document.body || scroller.contains(document.activeElement);
  }
  /** A cell that has the focus may be drawn anew, as one of another column: what is typed next is the grid's all the same. */
  const keepFocus = ({ target, relatedTarget }: FocusEvent): void => {
    if (relatedTarget !== null || !(target instanceof HTMLElement) || target.getAttribute("role") === null) return;
    queueMicrotask(() => {
      if (!target.isConnected && scroller.isConnected && document.activeElement === document.body) focusActive();
    });
  };
  createEffect(
    on([selection, window, seen, hands.editing, isDrawn], () => {
      const within = scroller.contains(document.activeElement);
      if (within && document.activeElement?.closest("textarea, input, button") === null)
        queueMicrotask(() => hands.editing() === null && focusActive());
    }),
  );
  return (
    <div
      class="sheet-scroll"
      classList={{ wrap: settings().wrap, stacked: layout.lines() > 1 }}
      ref={scroller}
      role="grid"
      aria-label={`Rows of ${model.id}`}
      aria-description="Arrows move, Enter edits, Escape and then Tab leaves"
      aria-rowcount={rowCount() + 1}
      aria-colcount={columns().length + 1}
      aria-multiselectable="true"
      aria-busy={rows.total() === undefined || !isDrawn()}
      tabIndex={layout.activeIsShown() && isDrawn() ? -1 : 0}
      style={{
        "--row": `${rowHeight()}px`,
        "--line-height": `${layout.lineHeight()}px`,
        "--fit": Math.floor((rowHeight() - 10) / 20),
        "--fit-line": Math.floor((layout.lineHeight() - 10) / 20),
        "--head": `${layout.headHeight()}px`,
        "--rows": model.rowCount(),
        "--number": `${layout.numberWidth()}px`,
        "--frozen": `${layout.frozen()}px`,
      }}
      onScroll={layout.onScroll}
      onPointerDown={onPointerDown}
      onFocusOut={keepFocus}
      onDblClick={(event) => {
        if (event.target.closest("[role=gridcell]") !== null) void hands.edit();
      }}
      onKeyDown={(event) =>
        onGridKey(event, { model, hands, panels, show, openMenu: props.openMenu, focus: focusActive })
      }
      onCopy={(event) => isOwn(event) && hands.copy(event, false)}
      onCut={(event) => isOwn(event) && hands.copy(event, true)}
      onPaste={(event) => isOwn(event) && hands.paste(event)}
    >
      <GridMarks />
      <Show when={isDrawn()}>
        <div
          class="sheet-canvas"
          role="presentation"
          style={{
            width: `${layout.width()}px`,
            height: `${layout.headHeight() + canvasHeight(layout.size())}px`,
          }}
        >
          <GridHead
            slots={[...pinned(), ...seen()]}
            groups={layout.groups()}
            placeOf={layout.placeOf}
            menuOf={props.menuOf}
            openMenu={props.openMenu}
            closeMenu={props.closeMenu}
            closed={focusActive}
          />
          <div class="sheet-body" role="rowgroup" style={{ height: `${canvasHeight(layout.size())}px` }}>
            <Index each={Array.from({ length: layout.slots() })}>
              {(_, slot) => (
                <GridRow
                  slot={slot}
                  slots={layout.slots()}
                  window={window()}
                  shift={layout.shift()}
                  rowHeight={rowHeight()}
                  pinned={pinnedColumns()}
                  seen={seenColumns()}
                  placeOf={layout.placeOf}
                />
              )}
            </Index>
          </div>
        </div>
      </Show>
      <Show when={rows.total() === undefined && rows.problem() === null}>
        <p class="visually-hidden" role="status">
          Reading rows …
        </p>
      </Show>
    </div>
  );
}

/** Whether a clipboard event is the grid's, and not that of a field in it. */
function isOwn(event: ClipboardEvent): boolean {
  return !(event.target instanceof Element) || event.target.closest("textarea, input") === null;
}
