import { createMemo, For, Show } from "solid-js";
import type { CellColumn } from "./columns";
import { ExportMenu } from "./export-menu";
import { figure, meanText } from "./figures-text";
import { cellsIn, headerRow, rangeOf } from "./grid/selection";
import { mostCells, numberAt, rowsOfRange } from "./read-range";
import { isFiltered } from "./sheet-rows-signal";
import { createAnswer } from "./answer";
import { useSheet } from "./sheet-context";

/** Under the grid: how many rows, what the selection comes to, and the means of scores with their intervals. */
export function SheetFooter() {
  const { model } = useSheet();
  const range = createMemo(() => rangeOf(model.selection()));
  const version = () => model.sheet()?.version ?? 0;
  const selected = createMemo(() => model.columns().slice(range().left, range().right + 1));
  const sums = createAnswer(
    () =>
      cellsIn(range()) > 1 && range().top !== headerRow
        ? ([range(), selected().map(({ id }) => id), model.view(), version()] as const)
        : null,
    async ([now], signal) => {
      if (cellsIn(now) > mostCells) return null;
      const columns = selected();
      const numbers = (await rowsOfRange(model, now, signal)).flatMap((row) =>
        columns.flatMap((column) => numberAt(row, column) ?? []),
      );
      const sum = numbers.reduce((total, number) => total + number, 0);
      return { count: numbers.length, sum };
    },
    // While results come in, many rows are read again only when they have come to rest.
    { after: ([now]) => (now.bottom - now.top > 200 ? 400 : 0) },
  );
  const scores = createMemo(() =>
    model.columns().flatMap((column) => {
      const figures = column.type === "cell" ? model.figures.of(column) : undefined;
      const mean = figures?.mean ?? null;
      return mean === null || mean.n === 0
        ? []
        : [{ column: column as CellColumn, mean, addresses: figures!.addresses }];
    }),
  );
  const words = (): string => {
    const all = model.rowCount();
    if (model.rows.total() === null) return "no rows yet";
    const total = model.rows.total() === undefined ? all : (model.rows.total() ?? 0);
    const rows = all === 1 ? "row" : "rows";
    return isFiltered(model.view())
      ? `${total.toLocaleString("en")} of ${all.toLocaleString("en")} ${rows}`
      : `${total.toLocaleString("en")} ${rows}`;
  };
  return (
    <footer class="sheet-footer">
      <span>{words()}</span>
      <Show when={cellsIn(range()) > 1 && range().top !== headerRow}>
        <span>selected {cellsIn(range()).toLocaleString("en")}</span>
        <Show when={sums.problem() === undefined && (sums.value()?.count ?? 0) > 0}>
          <span>sum {figure(sums.value()!.sum)}</span>
          <span>mean {figure(sums.value()!.sum / sums.value()!.count)}</span>
          <Show when={sums.value()!.count !== cellsIn(range())}>
            <span>{sums.value()!.count.toLocaleString("en")} numbers</span>
          </Show>
        </Show>
      </Show>
      <span class="spring" />
      <span class="sheet-scores">
        <For each={scores()}>
          {({ column, mean, addresses }) => (
            <span
              title={
                mean.clusters === mean.n
                  ? undefined
                  : `${mean.clusters} of them independent: equal requests count once in the interval`
              }
            >
              <b>{[column.cell, column.label].filter((word) => word !== "").join(" ")}</b> {meanText(mean, addresses)}
            </span>
          )}
        </For>
      </span>
      <Show when={model.hasRows()}>
        <ExportMenu />
      </Show>
    </footer>
  );
}
