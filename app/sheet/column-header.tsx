import { createMemo, For, Show } from "solid-js";
import ArrowDown from "lucide-solid/icons/arrow-down";
import ArrowUp from "lucide-solid/icons/arrow-up";
import ChevronDown from "lucide-solid/icons/chevron-down";
import Pin from "lucide-solid/icons/pin";
import { columnRef, headerLabel, type CellColumn, type GridColumn } from "./columns";
import { ColumnMenu } from "./column-menu";
import { columnTally, type ColumnTally } from "./column-tally";
import { datumText } from "./cell-look";
import { headerRow } from "./grid/selection";
import type { HeaderGroup } from "./header-groups";
import { percent } from "./figures-text";
import { VariantMatrix } from "./variant-matrix";
import { dragColumn, resizeColumn } from "./drag-column";
import { useSheet } from "./sheet-context";

/** The head of a column: its name and kind, what its values are like, how far a run is, and its menu. */
export function ColumnHeader(props: {
  readonly column: GridColumn;
  readonly index: number;
  readonly place: { readonly left: number; readonly sticky: boolean };
  /** The columns it is one of, where a cell has several. */
  readonly group: HeaderGroup | null;
  readonly menu: boolean;
  openMenu(column: GridColumn): void;
  closeMenu(): void;
  /** The menu is closed, and focus goes back to the grid. */
  closed(): void;
}) {
  const { model } = useSheet();
  const isActive = () => {
    const { active } = model.selection();
    return active.row === headerRow && active.column === props.index;
  };
  const sorted = createMemo(() => {
    const own = JSON.stringify(columnRef(props.column));
    const index = model.view().sort.findIndex(({ column }) => JSON.stringify(column) === own);
    return index < 0 ? null : { descending: model.view().sort[index]!.descending, index };
  });
  const name = () =>
    props.column.type === "row" ? props.column.name : props.group !== null ? props.column.label : props.column.cell;
  const words = () => (props.column.type === "row" ? props.column.word : props.group !== null ? "" : props.column.kind);
  return (
    <div
      class="sheet-header"
      classList={{
        sticky: props.place.sticky,
        active: isActive(),
        grouped: props.group !== null,
        numeric: props.column.numeric,
      }}
      role="columnheader"
      aria-colindex={props.index + 2}
      aria-sort={sorted() === null ? "none" : sorted()!.descending ? "descending" : "ascending"}
      aria-label={headerLabel(props.column)}
      data-active={isActive() ? "" : undefined}
      data-column={props.column.id}
      tabIndex={isActive() ? 0 : -1}
      style={{ left: `${props.place.left}px`, width: `${model.widthOf(props.column)}px` }}
      onPointerDown={(event) => dragColumn(event, model, props.column)}
      onClick={(event) => {
        if (event.target.closest("button, .sheet-resize, [role=menu]") === null) sortBy(event.shiftKey);
      }}
      onContextMenu={(event) => {
        event.preventDefault();
        props.openMenu(props.column);
      }}
    >
      <div class="sheet-header-name">
        <Show when={model.isPinned(props.column)}>
          <Pin class="sheet-pin" aria-label="pinned" />
        </Show>
        <b>{name()}</b>
        <small>{words()}</small>
        <Show when={sorted()}>
          {(now) => (
            <span class="sheet-sorted" aria-hidden="true">
              {now().descending ? <ArrowDown /> : <ArrowUp />}
              {model.view().sort.length > 1 ? now().index + 1 : ""}
            </span>
          )}
        </Show>
        <Show when={props.column.type === "cell" && props.column.folded > 0}>
          <VariantMatrix column={props.column as CellColumn} />
        </Show>
        <span class="spring" />
        <ColumnMenu
          column={props.column}
          open={props.menu}
          setOpen={(open) => (open ? props.openMenu(props.column) : props.closeMenu())}
          trigger={<ChevronDown />}
          closed={props.closed}
        />
      </div>
      <Show
        when={props.column.type === "cell" && props.column.kind !== "label"}
        fallback={<Values column={props.column} />}
      >
        <Show when={props.column.type === "cell" && props.column.kind === "score"}>
          <ScoreMean column={props.column} />
        </Show>
        <Progress column={props.column as CellColumn} />
      </Show>
      <div
        class="sheet-resize"
        aria-hidden="true"
        onPointerDown={(event) => resizeColumn(event, model, props.column)}
        onDblClick={() => fitColumn()}
      />
    </div>
  );

  function sortBy(more: boolean): void {
    const column = columnRef(props.column);
    const now = sorted();
    const others = more ? model.view().sort.filter((_, index) => index !== now?.index) : [];
    // A third click takes the sorting away.
    const sort = now?.descending === true ? others : [...others, { column, descending: now !== null }];
    model.arrange({ sort });
  }

  function fitColumn(): void {
    const { [props.column.id]: _, ...widths } = model.settings().widths;
    model.arrange({ widths });
  }
}

/** What the values of a column are like: a histogram of numbers, or how often the most frequent texts are there. */
function Values(props: { readonly column: GridColumn }) {
  const { model } = useSheet();
  const bars = createMemo(() => {
    const figures = model.figures.of(props.column);
    if (figures === undefined) return null;
    if (figures.numbers !== null && props.column.numeric) {
      const { bins, min, max, mean } = figures.numbers;
      return { heights: bins, title: `${round(min)} to ${round(max)}, mean ${round(mean)}` };
    }
    const { top, distinct, count } = figures;
    if (count === 0) return { heights: [], title: "no values" };
    const title = top.map(({ value, count: times }) => `${datumText(value).slice(0, 60)} × ${times}`).join("\n");
    return {
      heights: distinct > 50 ? [] : top.map(({ count: times }) => times),
      title: `${distinct} different\n${title}`,
    };
  });
  return (
    <Show when={bars()} fallback={<div class="sheet-histogram" />}>
      {(now) => (
        <div class="sheet-histogram" title={now().title}>
          <For each={now().heights}>
            {(height) => <i style={{ height: `${Math.max(1, (height / Math.max(...now().heights)) * 14)}px` }} />}
          </For>
        </div>
      )}
    </Show>
  );
}

function ScoreMean(props: { readonly column: GridColumn }) {
  const { model } = useSheet();
  const mean = () => model.figures.of(props.column)?.mean ?? null;
  return (
    <Show when={mean()?.mean != null}>
      <span class="sheet-mean">{percent(mean()!.mean!)}</span>
    </Show>
  );
}

/** How many of a column's results are done, failed, stale, and still to come. */
function Progress(props: { readonly column: CellColumn }) {
  const { model } = useSheet();
  const tally = createMemo((): ColumnTally => {
    const node = model.node(props.column);
    return columnTally(props.column, model.sheet()?.counts[props.column.cell] ?? [], node?.progress ?? null);
  });
  const part = (count: number): string => `${tally().total === 0 ? 0 : (count / tally().total) * 100}%`;
  return (
    <div class="sheet-progress" title={tally().words}>
      <div class="sheet-bar" classList={{ running: tally().running }}>
        <i class="done" style={{ width: part(tally().done) }} />
        <i class="failed" style={{ width: part(tally().failed) }} />
        <i class="stale" style={{ width: part(tally().stale) }} />
      </div>
      <span class="visually-hidden">{tally().words}</span>
    </div>
  );
}

function round(value: number): string {
  return String(Number(value.toPrecision(4)));
}
