import { createMemo, Show } from "solid-js";
import { storedFileOf } from "#server/notebook/stored-file-of.ts";
import type { Datum } from "#server/notebook/value.ts";
import { pictureOfDatum } from "~/values/picture";
import { sameJson } from "~/ui/same-json";
import { CellEditor } from "./cell-editor";
import { datumText, type CellLook } from "./cell-look";
import type { GridColumn } from "./columns";
import type { ColumnPlace } from "./grid-layout";
import { Mark } from "./grid-marks";
import { isWithin, rangeOf } from "./grid/selection";
import { useSheet } from "./sheet-context";
import type { GridRow } from "./sheet-rows-signal";

const empty: CellLook = { text: "", tone: "plain", mark: null, word: "", tooltip: "", verdict: null };
/** A column of the rows themselves: of a picture in it the picture. */
function rowLook(datum: Datum): CellLook {
  const picture = pictureOfDatum(datum);
  if (picture === null) return { ...empty, text: datumText(datum) };
  return { ...empty, text: storedFileOf(datum)?.name ?? "picture", tone: "quiet", picture };
}

const verdictWords = { pass: "passes", fail: "fails", open: "open" } as const;

/** One cell: its value in short, with the verdict on it before and the mark of its state behind. */
export function GridCell(props: {
  readonly column: GridColumn;
  readonly row: GridRow | undefined;
  /** The row's place in the view; null while the element shows none. */
  readonly index: number | null;
  readonly place: ColumnPlace;
}) {
  const { model, hands, panels } = useSheet();
  const at = () => model.columns().indexOf(props.column);
  const look = createMemo(
    (): CellLook => {
      const { row, column } = props;
      if (row === undefined) return empty;
      const paged = column.type === "cell" ? panels.pagedLook(row, column) : null;
      if (paged !== null) return paged;
      return column.type === "cell" ? model.look(row, column) : rowLook(row.values[column.name] ?? null);
    },
    empty,
    { equals: sameJson },
  );
  const isActive = () => {
    const { active } = model.selection();
    return props.index !== null && active.row === props.index && active.column === at();
  };
  const isInRange = () =>
    props.index !== null && isWithin(rangeOf(model.selection()), { row: props.index, column: at() });
  const isCorner = () => {
    const { bottom, right } = rangeOf(model.selection());
    return props.index !== null && bottom === props.index && right === at();
  };
  /** Room is kept for the mark of a verdict: the text does not move when that comes. */
  const isScored = () => props.column.type === "cell" && props.column.score !== null;
  const editing = () => {
    const now = hands.editing();
    return now !== null && now.row.row === props.row?.row && now.column === props.column ? now : null;
  };
  const lineStyle = () => {
    const { line, sticky, width } = props.place;
    // One that sticks stands in the flow: it goes back over the one before it.
    if (sticky) return { "margin-top": `${line?.top ?? 0}px`, "margin-left": line?.follows ? `${-width}px` : "0px" };
    return { top: `${line?.top ?? 0}px` };
  };
  return (
    <div
      class="sheet-cell"
      classList={{
        // A class that changes would take those of the list away.
        [look().tone]: true,
        sticky: props.place.sticky,
        line: props.place.line !== null,
        numeric: props.column.numeric,
        active: isActive(),
        selected: isInRange(),
        editing: editing() !== null,
        failed: look().verdict === "fail",
        unmarked: isScored() && look().verdict === null && look().tone !== "busy",
      }}
      role="gridcell"
      aria-colindex={at() + 2}
      aria-selected={isInRange()}
      aria-readonly={props.column.type === "row"}
      data-active={isActive() ? "" : undefined}
      tabIndex={isActive() ? 0 : -1}
      title={look().tooltip === "" ? undefined : look().tooltip}
      style={{ left: `${props.place.left}px`, width: `${props.place.width}px`, ...lineStyle() }}
    >
      <Show when={editing()} keyed>
        {(now) => <CellEditor editing={now} />}
      </Show>
      <Show when={props.place.line}>
        {(line) => (
          <span class="sheet-line-label" title={line().label} style={{ width: `${line().room}px` }}>
            {line().label}
            <span class="visually-hidden">: </span>
          </span>
        )}
      </Show>
      <Show when={props.row !== undefined} fallback={<span class="sheet-wait" />}>
        <Show when={look().verdict}>
          {(verdict) => (
            <>
              <Mark name={verdict()} />
              <span class="visually-hidden">{verdictWords[verdict()]}: </span>
            </>
          )}
        </Show>
        <Show when={look().picture}>
          {(picture) => <img class="sheet-picture" src={picture()} alt="" loading="lazy" />}
        </Show>
        <span class="sheet-text">{look().text}</span>
        <Show when={look().mark}>
          {(mark) => (
            <>
              <Mark name={mark()} />
              <Show when={look().word !== look().text}>
                <span class="visually-hidden"> ({look().word})</span>
              </Show>
            </>
          )}
        </Show>
      </Show>
      <Show when={isCorner() && props.row !== undefined && editing() === null}>
        <span class="fill-handle" aria-hidden="true" title="Drag to fill: labels are copied, computed cells are run" />
      </Show>
    </div>
  );
}
