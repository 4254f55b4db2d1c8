import { createEffect, createMemo, createSignal, For, Index, lazy, Show, Suspense } from "solid-js";
import Copy from "lucide-solid/icons/copy";
import { isImageType, storedFileOf } from "#server/notebook/stored-file-of.ts";
import type { Value } from "#server/notebook/value.ts";
import { api, problemOf } from "~/api";
import { useNotebook } from "~/notebook/notebook-context";
import { toasts } from "~/ui/toasts";
import { copyText } from "./copy-text";
import { pictureOfDatum } from "./picture";
import { openReader } from "./reader-state";
import { createTablePages, type Row } from "./table-pages";
import { columnTracks, columnWidths, exactText, fillsRow, isNumeric, tableTsv } from "./table-text";
import { datumText, rowsText } from "./value-summary";
import type { ValuePart } from "./value-view";
import "./table-view.css";

const ChartMenu = lazy(() => import("../charts/chart-menu").then(({ ChartMenu }) => ({ default: ChartMenu })));

const rowHeight = 28;
const rowsInSight = 10;
/** Rows a browser can still scroll over. */
const mostRows = 500_000;
const mostCopied = 10_000;

/** A table: its rows in a window of their own, from the server by pages. */
export function TableView(props: ValuePart<"table">) {
  const { store } = useNotebook();
  const hash = createMemo(() => props.value.value.hash);
  const address = createMemo(() => props.address);
  const table = createMemo(() => (hash(), props.value.value));
  const fetchRows = (from: number, to: number): Promise<readonly Row[]> =>
    api.notebook.tableRows.query({ path: store.path, address: address()!, from, to }) as Promise<readonly Row[]>;
  const pages = createMemo(() => {
    const { rows, rowCount } = table();
    return createTablePages({ count: rowCount, rows, fetch: fetchRows, problemOf });
  });
  const count = () => Math.min(mostRows, table().rowCount);
  const columns = () => table().columns;
  const [top, setTop] = createSignal(0);
  const [cursor, setCursor] = createSignal<{ readonly row: number; readonly column: number }>({ row: 0, column: 0 });
  const [focused, setFocused] = createSignal(false);
  let scroller!: HTMLDivElement;
  const id = `table-${(tables += 1)}`;

  const first = () => Math.max(0, Math.min(count() - 1, Math.floor(top() / rowHeight)) - 4);
  const last = () => Math.min(count(), first() + rowsInSight + 9);
  createEffect(() => pages().need(first(), last()));
  const inSight = createMemo(() => Array.from({ length: last() - first() }, (_, index) => first() + index));
  // Widths are those of the first rows, so that nothing shifts when others come into sight.
  const widths = createMemo(() => {
    const some = Array.from({ length: Math.min(count(), 50) }, (_, index) => pages().row(index));
    return columnWidths(
      columns(),
      some.filter((row) => row !== undefined),
    );
  });
  const rowStyle = createMemo(() => ({
    "grid-template-columns": `44px ${columnTracks(widths())}`,
    "min-width": `${widths().reduce((sum, width) => sum + width, 44)}px`,
  }));

  const copyAll = async (): Promise<void> => {
    const total = Math.min(mostCopied, table().rowCount);
    const rows: Row[] = [];
    try {
      for (let from = 0; from < total; from += 1_000)
        rows.push(
          ...(table().rows?.slice(from, from + 1_000) ?? (await fetchRows(from, Math.min(total, from + 1_000)))),
        );
    } catch (thrown) {
      return toasts.problem(problemOf(thrown));
    }
    const all = rows.length === table().rowCount;
    await copyText(tableTsv(columns(), rows), `Copied ${all ? "" : "the first "}${rowsText(rows.length)}.`);
  };

  const read = (row: number, column: number): void =>
    openReader([
      {
        label: `${columns()[column]!.name}, row ${row + 1}`,
        address: null,
        value: pictured(pages().row(row)?.[column]),
        full: null,
      },
    ]);

  const move = (row: number, column: number): void => {
    const next = {
      row: Math.max(0, Math.min(count() - 1, row)),
      column: Math.max(0, Math.min(columns().length - 1, column)),
    };
    setCursor(next);
    const above = next.row * rowHeight;
    const seen = scroller.clientHeight - rowHeight;
    if (above < scroller.scrollTop) scroller.scrollTop = above;
    else if (above + rowHeight > scroller.scrollTop + seen) scroller.scrollTop = above + rowHeight - seen;
    const left = widths()
      .slice(0, next.column)
      .reduce((sum, width) => sum + width, 0);
    const right = left + widths()[next.column]!;
    if (left < scroller.scrollLeft) scroller.scrollLeft = left;
    else if (right + 44 > scroller.scrollLeft + scroller.clientWidth)
      scroller.scrollLeft = right + 44 - scroller.clientWidth;
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const { row, column } = cursor();
    if ((event.metaKey || event.ctrlKey) && event.key === "c") {
      if (getSelection()?.isCollapsed === false) return;
      void copyText(exactText(pages().row(row)?.[column]));
    } else if (event.metaKey || event.ctrlKey || event.altKey) return;
    else if (event.key === "ArrowDown") move(row + 1, column);
    else if (event.key === "ArrowUp") move(row - 1, column);
    else if (event.key === "ArrowRight") move(row, column + 1);
    else if (event.key === "ArrowLeft") move(row, column - 1);
    else if (event.key === "PageDown") move(row + rowsInSight, column);
    else if (event.key === "PageUp") move(row - rowsInSight, column);
    else if (event.key === "Home") move(0, column);
    else if (event.key === "End") move(count() - 1, column);
    else if (event.key === "Enter") read(row, column);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div class="table-value">
      <div class="table-head">
        <span>
          {rowsText(table().rowCount)} · {columns().length} {columns().length === 1 ? "column" : "columns"}
          {table().rowCount > mostRows ? ` · the first ${mostRows.toLocaleString("en")} are shown` : ""}
        </span>
        <span class="spring" />
        <button
          type="button"
          class="button quiet-button"
          onClick={() => void copyAll()}
          title="Copy as tab-separated text, for a spreadsheet"
        >
          <Copy aria-hidden="true" /> Copy
        </button>
        <Show when={props.cell !== null && !props.narrow}>
          <Suspense>
            <ChartMenu cell={props.cell!} table={table()} />
          </Suspense>
        </Show>
      </div>
      <Show when={pages().problem()}>
        {(problem) => (
          <p class="table-problem" role="alert">
            {problem().message}. {problem().cure}
          </p>
        )}
      </Show>
      <Show
        when={table().rowCount > 0}
        fallback={
          <p class="ghost table-empty">
            No rows. Its columns:{" "}
            {columns()
              .map(({ name }) => name)
              .join(", ")}
            .
          </p>
        }
      >
        <div
          class="table-scroll"
          ref={scroller}
          role="grid"
          aria-label="Table"
          aria-rowcount={table().rowCount + 1}
          aria-colcount={columns().length}
          aria-activedescendant={focused() ? `${id}-${cursor().row}-${cursor().column}` : undefined}
          tabIndex={0}
          style={{ "max-height": `${rowHeight * (rowsInSight + 1.5)}px` }}
          onScroll={(event) => setTop(event.currentTarget.scrollTop)}
          onKeyDown={onKeyDown}
          onFocus={() => setFocused(true)}
          onBlur={() => setFocused(false)}
        >
          <div class="table-row table-names" role="row" aria-rowindex={1} style={rowStyle()}>
            <span class="table-number" role="presentation" />
            <For each={columns()}>
              {(column) => (
                <span role="columnheader" classList={{ right: isNumeric(column) }} title={column.sql}>
                  {column.name} <small>{column.type}</small>
                </span>
              )}
            </For>
            <Show when={!fillsRow(widths())}>
              <span role="presentation" />
            </Show>
          </div>
          <div role="presentation" style={{ height: `${count() * rowHeight}px`, position: "relative" }}>
            <Index each={inSight()}>
              {(index) => (
                <div
                  class="table-row"
                  role="row"
                  aria-rowindex={index() + 2}
                  style={{ ...rowStyle(), top: `${index() * rowHeight}px` }}
                >
                  <span class="table-number" role="presentation">
                    {(index() + 1).toLocaleString("en")}
                  </span>
                  <For each={columns()}>
                    {(column, at) => {
                      const datum = () => pages().row(index())?.[at()];
                      return (
                        <span
                          role="gridcell"
                          id={`${id}-${index()}-${at()}`}
                          classList={{
                            right: isNumeric(column),
                            cursor: focused() && cursor().row === index() && cursor().column === at(),
                            nothing: datum() === null,
                          }}
                          onPointerDown={() => setCursor({ row: index(), column: at() })}
                          onDblClick={() => read(index(), at())}
                        >
                          <Show
                            when={pictureOfDatum(datum())}
                            fallback={datum() === null ? "null" : datumText(datum()).slice(0, 300)}
                          >
                            {(source) => <img class="table-picture" src={source()} alt="a picture" loading="lazy" />}
                          </Show>
                        </span>
                      );
                    }}
                  </For>
                  <Show when={!fillsRow(widths())}>
                    <span role="presentation" />
                  </Show>
                </div>
              )}
            </Index>
          </div>
        </div>
      </Show>
    </div>
  );
}

let tables = 0;

function pictured(datum: Row[number] | undefined): Value {
  const file = storedFileOf(datum);
  return file === null || !isImageType(file.mediaType)
    ? { type: "string", value: readable(datum) }
    : { type: "image", value: file };
}

function readable(datum: Row[number] | undefined): string {
  return typeof datum === "object" && datum !== null ? JSON.stringify(datum, null, 2) : exactText(datum);
}
