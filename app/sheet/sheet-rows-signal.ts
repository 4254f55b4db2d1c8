import { batch, createSignal, onCleanup, type Accessor } from "solid-js";
import type { SheetRow, SheetRows } from "#server/runner/sheet-rows.ts";
import type { SheetView } from "#server/notebook/sheet-view.ts";
import type { CellError, Datum } from "#server/notebook/value.ts";
import { problemOf } from "~/api";
import { createRowBlocks } from "./grid/row-blocks";
import type { RowsAsked, SheetApi } from "./sheet-api";

/** A row with the values of its columns by their names. */
export interface GridRow extends SheetRow {
  readonly values: { readonly [column: string]: Datum };
}

/** The rows of a sheet's view, read as they come into sight. */
export interface SheetRowsSignal {
  /** A row by its place in the view; undefined while it is read. */
  row(index: number): GridRow | undefined;
  /** Whether what is known of a row is of after the last change, and whether it is in sight. */
  isNow(index: number): boolean;
  isSeen(index: number): boolean;
  /** The order that is shown; null while it is not known. */
  order(): string | null;
  /** Rows of the view; undefined until it is known, null where the sheet has none yet. */
  readonly total: Accessor<number | null | undefined>;
  /** Rows of the whole sheet. */
  readonly rowCount: Accessor<number>;
  /** Whether they are those of now: while what gives them is not settled, they are those of before. */
  readonly settled: Accessor<boolean>;
  /** Whether rows may stand where the view would no longer have them. */
  readonly outdated: Accessor<boolean>;
  readonly problem: Accessor<CellError | null>;
  /** Whether rows in sight are being read now; it tells nobody when that changes. */
  isReading(): boolean;
  /** Rises whenever rows came. */
  readonly version: Accessor<number>;
  want(first: number, last: number): void;
  /** The place of a row among those that are known; -1 where it is not. */
  placeOf(row: string): number;
  changed(): void;
  /** Other rows are asked for; `fresh` puts them in order anew. */
  reset(fresh?: boolean): void;
}

/** Rows of a block: fewer where rows are wide, so that a page stays small. */
const blockSize = 128;

export function createSheetRows(api: SheetApi, asked: () => Omit<RowsAsked, "from" | "to">): SheetRowsSignal {
  const [version, setVersion] = createSignal(0);
  const [total, setTotal] = createSignal<number | null | undefined>();
  const [rowCount, setRowCount] = createSignal(0);
  const [outdated, setOutdated] = createSignal(false);
  const [settled, setSettled] = createSignal(true);
  const [problem, setProblem] = createSignal<CellError | null>(null);
  const signals = new Map<number, ReturnType<typeof createSignal<number>>>();
  let fresh = false;

  const signalOf = (block: number): ReturnType<typeof createSignal<number>> => {
    let signal = signals.get(block);
    if (signal === undefined) signals.set(block, (signal = createSignal(0)));
    return signal;
  };

  const blocks = createRowBlocks<GridPage>({
    size: blockSize,
    async fetch(from, to, first, signal) {
      const { order } = blocks;
      const which = { ...(first && fresh ? { fresh } : {}), ...(order === null ? {} : { order }) };
      const page = await api.rows({ ...asked(), from, to, ...which }, signal);
      if (first) fresh = false;
      return page === null ? null : gridPage(page);
    },
    told(what) {
      batch(() => {
        setProblem(null);
        setTotal(blocks.total);
        const page = blocks.block(what === "all" ? firstKnown() : what);
        if (page !== undefined) {
          setRowCount(page.rowCount);
          setOutdated(page.outdated);
          setSettled(page.settled);
        }
        for (const [block, [, set]] of signals) if (what === "all" || block === what) set((before) => before + 1);
        setVersion((before) => before + 1);
      });
    },
    failed: (thrown) => setProblem(problemOf(thrown)),
    now: () => performance.now(),
    later(work, milliseconds) {
      const timer = setTimeout(work, milliseconds);
      return () => clearTimeout(timer);
    },
  });
  onCleanup(() => blocks.close());

  function firstKnown(): number {
    const count = Math.ceil((blocks.total ?? 0) / blockSize);
    for (let block = 0; block < count; block += 1) if (blocks.block(block) !== undefined) return block;
    return 0;
  }

  return {
    row(index) {
      const block = Math.floor(index / blockSize);
      signalOf(block)[0]();
      return blocks.block(block)?.rows[index - block * blockSize];
    },
    isNow: (index) => blocks.isNow(Math.floor(index / blockSize)),
    isSeen: (index) => blocks.isSeen(Math.floor(index / blockSize)),
    order: () => blocks.order,
    total,
    rowCount,
    outdated,
    settled,
    problem,
    version,
    isReading: () => blocks.reading,
    want: (first, last) => blocks.want(first, last),
    placeOf(row) {
      const count = Math.ceil((blocks.total ?? 0) / blockSize);
      for (let block = 0; block < count; block += 1) {
        const at = blocks.block(block)?.rows.findIndex((each) => each.row === row) ?? -1;
        if (at >= 0) return block * blockSize + at;
      }
      return -1;
    },
    changed: () => blocks.changed(),
    reset(anew = false) {
      fresh = anew;
      blocks.reset();
    },
  };
}

interface GridPage extends Omit<SheetRows, "rows"> {
  readonly rows: readonly GridRow[];
}

function gridPage(page: SheetRows): GridPage {
  const named = (row: SheetRow): GridRow => ({
    ...row,
    values: Object.fromEntries(page.columns.map((column, index) => [column, row.columns[index] ?? null])),
  });
  return { ...page, rows: page.rows.map(named) };
}

/** Whether a view leaves rows out. */
export function isFiltered({ filters, search }: SheetView): boolean {
  return filters.length > 0 || search !== "";
}
