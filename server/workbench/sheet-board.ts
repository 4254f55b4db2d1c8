import { writtenRows } from "#server/notebook/computed-rows.ts";
import type { Graph, Sheet } from "#server/notebook/graph-node.ts";
import { isPartOfSheet } from "#server/notebook/part-of-cell.ts";
import { wholeSheet } from "#server/notebook/sheet-view.ts";
import type { Session } from "#server/runner/session.ts";
import type { Report } from "#server/runner/report.ts";
import { toCellError } from "#server/notebook/sheaf-error.ts";
import type { CellError, Column } from "#server/notebook/value.ts";
import type { NotebookView, SheetView } from "./view.ts";

/** How the sheets of a notebook stand: counts are looked up in the background and told when they changed. */
export interface SheetBoard {
  readonly views: NotebookView["sheets"];
  /** Results or the text changed: counts are worked out anew, soon and not too often. */
  changed(): void;
  close(): void;
}

const interval = 250;

/** Codes that say that the sheet was edited away, or its rows opened anew, while one looked: that is told as a change. */
const meanwhile: ReadonlySet<string> = new Set(["sheet.frame", "sheet.unknown"]);

/** What gives a sheet its rows, as `SheetView` has it. */
function rowsName({ rows }: Sheet, { nodes }: Graph): string | null {
  if (rows?.type !== "node" || !isPartOfSheet(rows.node)) return rows?.as ?? null;
  const read = nodes
    .get(rows.node)!
    .reads.find(({ type }) => type === "node" || type === "results" || type === "input");
  return read?.as ?? writtenRows;
}

export function createSheetBoard(session: Session, tell: () => void, report: Report): SheetBoard {
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
        let problem: CellError | null = null;
        const failed = (thrown: unknown): null => {
          const error = toCellError(thrown);
          if (!meanwhile.has(error.code)) problem = error;
          return null;
        };
        const freshness = await session.sheetFreshness(sheet.id, { exact: true }).catch(failed);
        const rowCount = freshness?.rowCount ?? (await earlierCount(sheet.id).catch(failed));
        reportNew(sheet.id, problem);
        const frame = session.state.frames.get(sheet.id);
        found[sheet.id] = {
          id: sheet.id,
          rows: rowsName(sheet, session.state.graph),
          rowCount,
          problem,
          settled: freshness !== null,
          change: session.state.rowChanges.get(sheet.id) ?? null,
          rowColumns:
            rowCount === null
              ? []
              : (frame?.table.columns.map(({ name, type, sql }) => ({
                  name,
                  type: shownTypes.has(type) ? sql : "VARCHAR",
                })) ?? []),
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
    return (await session.sheetRows(sheet, wholeSheet, none))?.rowCount ?? null;
  }

  /** A problem that stays is reported once; one of a notebook that is being closed is none. */
  function reportNew(sheet: string, problem: CellError | null): void {
    if (problem === null || closed || views[sheet]?.problem?.message === problem.message) return;
    report(`opening the sheet ${sheet} of ${session.state.path}`, problem);
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

/** Columns of other types count as text. */
const shownTypes: ReadonlySet<Column["type"]> = new Set(["number", "boolean", "json"]);
