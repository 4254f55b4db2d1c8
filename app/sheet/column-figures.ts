import { createEffect, createMemo, createSignal, onCleanup, untrack, type Accessor } from "solid-js";
import type { ColumnSummary } from "#server/runner/sheet-column.ts";
import type { SheetView } from "#server/notebook/sheet-view.ts";
import { columnRef, type GridColumn } from "./columns";
import type { SheetApi } from "./sheet-api";

/** Figures of the columns that are seen, worked out one after another when no rows are awaited, and again when results changed. */
export interface ColumnFiguresSignal {
  /** What is known of a column over the rows of the view; undefined before the first answer. */
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
  const known = new Map<string, { readonly rows: string; readonly version: number; readonly at: number }>();
  const [figures, setFigures] = createSignal<ReadonlyMap<string, Figures>>(new Map());
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = false;
  let closed = false;

  /** Which rows the view has, in whatever order. */
  const rowsNow = createMemo(() => JSON.stringify([view().filters, view().search]));

  async function askNext(): Promise<void> {
    if (asking || closed) return;
    const now = untrack(() => ({ rows: rowsNow(), version: version() }));
    const isOfOthers = ({ id }: GridColumn): boolean => known.get(id)?.rows !== now.rows;
    const due = untrack(seen).filter((column) => isOfOthers(column) || known.get(column.id)!.version !== now.version);
    const next = due.find((column) => isOfOthers(column) || known.get(column.id)!.at + again <= performance.now());
    // Rows that are looked at go first: figures would have them wait.
    if (next === undefined || isReading()) {
      if (due.length > 0) timer ??= setTimeout(() => ((timer = undefined), void askNext()), again / 3);
      return;
    }
    asking = true;
    known.set(next.id, { ...now, at: performance.now() });
    try {
      const found = await api.column(untrack(view), columnRef(next));
      const summary = found as ColumnSummary;
      if (found !== null && !closed) setFigures((before) => new Map(before).set(next.id, { rows: now.rows, summary }));
    } catch {
      // The header goes without figures; what is wrong with the column is told by its rows.
    } finally {
      asking = false;
      void askNext();
    }
  }

  createEffect(() => {
    seen();
    rowsNow();
    version();
    void askNext();
  });
  onCleanup(() => {
    closed = true;
    clearTimeout(timer);
  });
  return {
    of(column) {
      const found = figures().get(column.id);
      return found?.rows === rowsNow() ? found.summary : undefined;
    },
  };
}

interface Figures {
  /** Of which rows they are. */
  readonly rows: string;
  readonly summary: ColumnSummary;
}
