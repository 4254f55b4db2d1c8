import { wholeSheet } from "#server/notebook/sheet-view.ts";
import type { Session } from "#server/runner/session.ts";
import type { NotebookView, SheetView } from "./view.ts";

/** How the sheets of a notebook stand: counts are looked up in the background and told when they changed. */
export interface SheetBoard {
  readonly views: NotebookView["sheets"];
  /** Results or the text changed: counts are worked out anew, soon and not too often. */
  changed(): void;
  close(): void;
}

const interval = 250;

export function createSheetBoard(session: Session, tell: () => void): SheetBoard {
  let views: { [id: string]: SheetView } = {};
  let timer: NodeJS.Timeout | undefined;
  let looking = false;
  let again = false;
  let closed = false;
  let version = 0;

  async function look(): Promise<void> {
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    try {
      const found: { [id: string]: SheetView } = {};
      version += 1;
      for (const sheet of session.state.graph.sheets.values()) {
        const freshness = await session.sheetFreshness(sheet.id, { exact: true }).catch(() => null);
        const rowCount = freshness?.rowCount ?? (await earlierCount(sheet.id));
        const frame = session.state.frames.get(sheet.id);
        found[sheet.id] = {
          id: sheet.id,
          rows: sheet.rows?.as ?? null,
          rowCount,
          settled: freshness !== null,
          change: session.state.rowChanges.get(sheet.id) ?? null,
          rowColumns:
            rowCount === null
              ? []
              : (frame?.columns.map((name) => ({ name, type: frame.types[name] ?? "VARCHAR" })) ?? []),
          columns: sheet.columns,
          counts: freshness?.columns ?? {},
          version,
        };
      }
      views = found;
      tell();
    } finally {
      looking = false;
      if (again && !closed) {
        again = false;
        schedule();
      }
    }
  }

  /** Rows of before, while those of now are awaited. */
  async function earlierCount(sheet: string): Promise<number | null> {
    const none = { from: 0, to: 0, columns: [], cells: [] };
    return (await session.sheetRows(sheet, wholeSheet, none).catch(() => null))?.rowCount ?? null;
  }

  function schedule(): void {
    if (closed || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      void look();
    }, interval);
  }

  return {
    get views() {
      // A cell that has another name has it here at once, too: its columns would be gone until counts are there.
      const { sheets } = session.state.graph;
      const known = Object.values(views).filter(({ id }) => sheets.has(id));
      return Object.fromEntries(known.map((view) => [view.id, { ...view, columns: sheets.get(view.id)!.columns }]));
    },
    changed: schedule,
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
