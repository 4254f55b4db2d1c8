import type { RowScope } from "#server/notebook/plan.ts";
import type { Estimate } from "#server/runner/estimate.ts";
import type { RunRequest } from "../notebook/notebook-actions";
import { toasts } from "../ui/toasts";
import type { CellColumn } from "./columns";
import { headerRow, rangeOf, type GridRange } from "./grid/selection";
import { selectedRows } from "./read-range";
import type { ChosenCount, ChosenRows } from "./run-choices";
import type { SheetModel } from "./sheet-model";
import { told } from "./tell";

/** Runs of the columns of a sheet. */
export interface SheetRuns {
  /** The rows that were chosen to be run, and how many where they are to be found; null where there is none. Throws what the server says. */
  rowsOf(chosen: ChosenRows): Promise<{ readonly rows: RowScope; readonly found: ChosenCount | null } | null>;
  /** What a run of them would send now. */
  estimate(column: CellColumn, rows: RowScope): Promise<Estimate>;
  run(column: CellColumn, rows: ChosenRows, title: string): Promise<void>;
  /** Runs these columns over the rows of a range, all of them in one run. */
  runRange(range: GridRange, columns: readonly CellColumn[]): Promise<void>;
  runSelection(): Promise<void>;
}

export function createSheetRuns(model: SheetModel): SheetRuns {
  const { api, selection, columns } = model;
  const { actions } = model.notebook;

  async function rowsOf(chosen: ChosenRows): ReturnType<SheetRuns["rowsOf"]> {
    if (chosen.type === "scope") return { rows: chosen.scope, found: null };
    if (chosen.type === "range") {
      const rows = (await selectedRows(model, chosen.range)).map(({ row }) => row);
      return rows.length === 0 ? null : { rows: { type: "rows", rows }, found: null };
    }
    const found = await api.found(model.view(), chosen.scope, model.rows.order());
    if (found === null || found.total === 0) return null;
    const { rows, total } = found;
    return { rows: { type: "rows", rows }, found: { total, run: rows.length } };
  }

  function requestOf(column: CellColumn, rows: RowScope, title: string): RunRequest {
    const scope = { type: "cells", cells: [column.node], at: column.at } as const;
    return { scope, rows: { [model.id]: rows }, title, retryErrors: true };
  }

  async function run(column: CellColumn, chosen: ChosenRows, title: string): Promise<void> {
    await told(async () => {
      const there = await rowsOf(chosen);
      if (there === null) return toasts.say("There is no such row.");
      const { rows, found } = there;
      if (found !== null && found.run < found.total)
        toasts.say(`The first ${found.run.toLocaleString("en")} of ${found.total.toLocaleString("en")} rows are run.`);
      await actions.run(requestOf(column, rows, title));
    });
  }

  async function runRange(range: GridRange, wanted: readonly CellColumn[]): Promise<void> {
    // The fields of an answer are columns of one result.
    const results = new Map(wanted.map(({ node: cell, at }) => [JSON.stringify([cell, at]), { cell, at }]));
    const names = [...new Set(wanted.map(({ cell }) => cell))];
    const what = names.length > 3 ? `${names.length} cells` : names.join(", ");
    await told(async () => {
      const ids = (await selectedRows(model, range)).map(({ row }) => row);
      await actions.run({
        scope: { type: "columns", columns: [...results.values()] },
        rows: { [model.id]: { type: "rows", rows: ids } },
        title: `${what} of ${ids.length.toLocaleString("en")} ${ids.length === 1 ? "row" : "rows"}`,
        retryErrors: true,
      });
    });
  }

  async function runSelection(): Promise<void> {
    const range = rangeOf(selection());
    if (range.top === headerRow) return;
    const wanted = columns()
      .slice(range.left, range.right + 1)
      .filter((column) => column.type === "cell");
    if (wanted.length === 0)
      return toasts.say("Nothing of the selection is computed: select cells of a computed column.");
    await runRange(range, wanted);
  }

  return {
    rowsOf,
    estimate: (column, scope) => api.estimate(requestOf(column, scope, "")),
    run,
    runRange,
    runSelection,
  };
}
