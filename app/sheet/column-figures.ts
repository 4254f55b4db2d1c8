import { createEffect, createSignal, onCleanup, untrack, type Accessor } from "solid-js";
import type { ColumnSummary } from "#server/runner/sheet-column.ts";
import type { SheetView } from "#server/notebook/sheet-view.ts";
import { columnRef, type GridColumn } from "./columns";
import type { SheetApi } from "./sheet-api";

/** Figures of the columns that are seen, worked out one after another when no rows are awaited, and again when results changed. */
export interface ColumnFiguresSignal {
  /** What is known of a column; undefined before the first answer. */
  of(column: GridColumn): ColumnSummary | undefined;
}

/** Milliseconds before the figures of a column are asked for again. */
const again = 1_500;

export function createColumnFigures(
  api: SheetApi,
  seen: Accessor<readonly GridColumn[]>,
  view: Accessor<SheetView>,
  version: Accessor<number>,
  isReading: () => boolean,
): ColumnFiguresSignal {
  const known = new Map<string, { readonly of: string; readonly at: number }>();
  const [figures, setFigures] = createSignal<ReadonlyMap<string, ColumnSummary>>(new Map());
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = false;
  let closed = false;

  const stateNow = (): string => `${version()} ${JSON.stringify(view())}`;

  async function askNext(): Promise<void> {
    if (asking || closed) return;
    const now = untrack(stateNow);
    const due = untrack(seen).filter((column) => known.get(column.id)?.of !== now);
    const next = due.find(({ id }) => (known.get(id)?.at ?? Number.NEGATIVE_INFINITY) + again <= performance.now());
    // Rows that are looked at go first: figures would have them wait.
    if (next === undefined || isReading()) {
      if (due.length > 0) timer ??= setTimeout(() => ((timer = undefined), void askNext()), again / 3);
      return;
    }
    asking = true;
    known.set(next.id, { of: now, at: performance.now() });
    try {
      const found = await api.column(untrack(view), columnRef(next));
      if (found !== null && !closed) setFigures((before) => new Map(before).set(next.id, found as ColumnSummary));
    } catch {
      // The header goes without figures; what is wrong with the column is told by its rows.
    } finally {
      asking = false;
      void askNext();
    }
  }

  createEffect(() => {
    seen();
    stateNow();
    void askNext();
  });
  onCleanup(() => {
    closed = true;
    clearTimeout(timer);
  });
  return { of: (column) => figures().get(column.id) };
}
