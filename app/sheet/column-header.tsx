import { createMemo, For, Show } from "solid-js";
import ArrowDown from "lucide-solid/icons/arrow-down";
import ArrowUp from "lucide-solid/icons/arrow-up";
import ChevronDown from "lucide-solid/icons/chevron-down";
import Pin from "lucide-solid/icons/pin";
import { leadOf, type ColumnSlot } from "./column-slots";
import { columnRef, headerLabel, type CellColumn, type GridColumn } from "./columns";
import { ColumnMenu } from "./column-menu";
import { columnTally, type ColumnTally } from "./column-tally";
import { datumText } from "./cell-look";
import { headerRow } from "./grid/selection";
import type { ColumnPlace } from "./grid-layout";
import type { HeaderGroup } from "./header-groups";
import { figure, percent } from "./figures-text";
import { VariantMatrix } from "./variant-matrix";
import { dragColumn, resizeColumn } from "./drag-column";
import { useSheet } from "./sheet-context";

/** The head of a column: its name and kind, what its values are like, how far a run is, and its menu. */
export function ColumnHeader(props: {
  readonly slot: ColumnSlot;
  readonly place: ColumnPlace;
  /** The places it is one of, where a cell has several. */
  readonly group: HeaderGroup | null;
  readonly menu: boolean;
  openMenu(column: GridColumn): void;
  closeMenu(): void;
  /** The menu is closed, and focus goes back to the grid. */
  closed(): void;
}) {
  const { model } = useSheet();
  const head = () => props.slot.head;
  const lead = () => leadOf(props.slot);
  const lines = () => props.slot.lines.map(({ column }) => column);
  /** What its menu and its sorting are of: the line that is selected, or the first. */
  const column = (): GridColumn => lines().find((each) => each === model.activeColumn()) ?? lead();
  const isActive = () => model.selection().active.row === headerRow && lines().includes(model.activeColumn()!);
  const sorted = createMemo(() => {
    const own = lines().map((each) => JSON.stringify(columnRef(each)));
    const index = model.view().sort.findIndex((sort) => own.includes(JSON.stringify(sort.column)));
    if (index < 0) return null;
    const { descending, column: of } = model.view().sort[index]!;
    const { label } = props.slot.lines[own.indexOf(JSON.stringify(of))]!;
    return { descending, index, label };
  });
  const name = () => {
    const now = head();
    return now.type === "row" ? now.name : props.group !== null ? now.label : now.cell;
  };
  const words = () => {
    const now = head();
    return now.type === "row" ? now.word : props.group !== null ? "" : now.kind;
  };
  const cell = () => {
    const now = lead();
    return now.type === "cell" ? now : null;
  };
  return (
    <div
      class="sheet-header"
      classList={{
        sticky: props.place.sticky,
        active: isActive(),
        grouped: props.group !== null,
        numeric: lead().numeric,
      }}
      role="columnheader"
      aria-colindex={model.columns().indexOf(lead()) + 2}
      aria-colspan={lines().length}
      aria-sort={sorted() === null ? "none" : sorted()!.descending ? "descending" : "ascending"}
      aria-label={headerLabel(head())}
      data-active={isActive() ? "" : undefined}
      data-column={lead().id}
      tabIndex={isActive() ? 0 : -1}
      style={{ left: `${props.place.left}px`, width: `${props.place.width}px` }}
      onPointerDown={(event) => dragColumn(event, model, lead())}
      onClick={(event) => {
        if (event.target.closest("button, .sheet-resize, [role=menu]") === null) sortBy(event.shiftKey);
      }}
      onContextMenu={(event) => {
        event.preventDefault();
        props.openMenu(column());
      }}
    >
      <div class="sheet-header-name">
        <Show when={model.isPinned(lead())}>
          <Pin class="sheet-pin" aria-label="pinned" />
        </Show>
        <b>{name()}</b>
        <small>{words()}</small>
        <Show when={sorted()}>
          {(now) => (
            <span class="sheet-sorted" aria-hidden="true">
              {now().descending ? <ArrowDown /> : <ArrowUp />}
              {model.view().sort.length > 1 ? now().index + 1 : ""}
              {now().label === "" ? "" : ` ${now().label}`}
            </span>
          )}
        </Show>
        <Show when={(cell()?.folded ?? 0) > 0}>
          <VariantMatrix column={lead() as CellColumn} />
        </Show>
        <span class="spring" />
        <ColumnMenu
          column={column()}
          line={props.slot.lines.find((line) => line.column === column())?.label ?? ""}
          open={props.menu}
          setOpen={(open) => (open ? props.openMenu(column()) : props.closeMenu())}
          trigger={<ChevronDown />}
          closed={props.closed}
        />
      </div>
      <Show when={cell() !== null && cell()!.kind !== "label"} fallback={<Values column={lead()} />}>
        {/* Of several lines the footer has the means, each by its name. */}
        <Show when={cell()?.kind === "score" && lines().length === 1}>
          <ScoreMean column={lead()} />
        </Show>
        <Progress columns={lines() as readonly CellColumn[]} />
      </Show>
      <div
        class="sheet-resize"
        aria-hidden="true"
        onPointerDown={(event) => resizeColumn(event, model, lead())}
        onDblClick={() => fitColumn()}
      />
    </div>
  );

  function sortBy(more: boolean): void {
    const now = sorted();
    const others = more ? model.view().sort.filter((_, index) => index !== now?.index) : [];
    // A third click takes the sorting away.
    const sort =
      now?.descending === true ? others : [...others, { column: columnRef(column()), descending: now !== null }];
    model.arrange({ sort });
  }

  function fitColumn(): void {
    const { [lead().id]: _, ...widths } = model.settings().widths;
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
      return { heights: bins, title: `${figure(min)} to ${figure(max)}, mean ${figure(mean)}` };
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

/** How many of the results of a cell's columns are done, failed, stale, and still to come. */
function Progress(props: { readonly columns: readonly CellColumn[] }) {
  const { model } = useSheet();
  const tally = createMemo((): ColumnTally => {
    const [first] = props.columns;
    const counts = model.sheet()?.counts[first!.cell] ?? [];
    return columnTally(props.columns, counts, model.node(first!)?.progress ?? null);
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
