import { isAt } from "#server/notebook/axis.ts";
import type { RowScope } from "#server/notebook/plan.ts";
import { mostRowsOfView, type SheetView, type ViewFilter } from "#server/notebook/sheet-view.ts";
import type { VariantCounts } from "#server/tables/sheet-store.ts";
import type { CellColumn } from "./columns";
import { staleCount } from "./due-results";
import type { GridRange } from "./grid/selection";

/** A part of a column that can be run. */
export interface RunChoice {
  readonly id: "first-5" | "first-20" | "selection" | "empty" | "failed" | "stale" | "all";
  readonly label: string;
  /** How many results it goes over; null where it is not known. */
  readonly count: number | null;
  readonly rows: ChosenRows;
  /** Whether every answer is asked for anew: one that did not fit would come from the journal for ever. */
  readonly again: boolean;
}

/** Rows a run goes over: as a scope, or those of a view or of a selection, which are to be found first. */
export type ChosenRows =
  | { readonly type: "scope"; readonly scope: RowScope }
  | { readonly type: "range"; readonly range: GridRange }
  | {
      readonly type: "find";
      readonly scope: ViewFilter | { readonly type: "first"; readonly count: number } | { readonly type: "all" };
    };

/** The rows of a choice as they were found. */
export interface ChosenCount {
  /** How many there are, and how many of them, from the first, are run at once. */
  readonly total: number;
  readonly run: number;
}

/** Whether what a choice goes over is to be looked for before it can be said: it may be more than is run at once. */
export function isToBeFound({ count, rows }: RunChoice): boolean {
  return count === null || (rows.type === "find" && count > mostRowsOfView);
}

/** How much a run of a choice would go over, in few words: results, or rows where these are known alone. `found` is null before they are. */
export function choiceText(
  choice: RunChoice,
  { places }: Pick<CellColumn, "places">,
  found: ChosenCount | null,
): string {
  const { count } = choice;
  if (found === null) return isToBeFound(choice) ? "…" : (count ?? 0).toLocaleString("en");
  if (found.run < found.total) return `first ${found.run.toLocaleString("en")} rows`;
  if (count !== null) return count.toLocaleString("en");
  const number = found.total.toLocaleString("en");
  return places.length < 2 ? number : `${number} ${found.total === 1 ? "row" : "rows"}`;
}

/** What of a column can be run, with how many results each is. */
export function runChoices(
  column: CellColumn,
  counts: readonly VariantCounts[],
  view: Pick<SheetView, "filters" | "sort" | "search">,
  rows: { readonly total: number; readonly selected: GridRange | null },
): readonly RunChoice[] {
  const { selected } = rows;
  const isWhole = view.filters.length === 0 && view.search === "";
  const own = counts.filter(({ at }) => isAt(at, column.at));
  const sum = (of: (counted: VariantCounts) => number): number => own.reduce((total, each) => total + of(each), 0);
  const variants = Math.max(1, column.places.length);
  const cell = { type: "cell", cell: column.cell, at: column.at } as const;
  const found = (scope: Extract<ChosenRows, { readonly type: "find" }>["scope"]): ChosenRows => ({
    type: "find",
    scope,
  });
  const whole = (scope: RowScope, filter: ViewFilter | { readonly type: "all" }): ChosenRows =>
    isWhole ? { type: "scope", scope } : found(filter);
  const first = (count: number): Omit<RunChoice, "again"> => ({
    id: count === 5 ? "first-5" : "first-20",
    label: `Run first ${count}`,
    count: Math.min(count, rows.total) * variants,
    rows:
      isWhole && view.sort.length === 0
        ? { type: "scope", scope: { type: "first", count } }
        : found({ type: "first", count }),
  });
  const counted = (count: number): number | null => (isWhole ? count : null);
  const choices: readonly Omit<RunChoice, "again">[] = [
    first(5),
    first(20),
    {
      id: "selection",
      label: "Run selection",
      count: selected === null ? 0 : (selected.bottom - selected.top + 1) * variants,
      rows:
        selected === null ? { type: "scope", scope: { type: "rows", rows: [] } } : { type: "range", range: selected },
    },
    {
      id: "empty",
      label: "Run empty",
      count: counted(sum(({ counts: { never = 0 } }) => never)),
      rows: whole({ type: "empty" }, { type: "state", column: cell, state: "never" }),
    },
    {
      id: "failed",
      label: "Run failed",
      count: counted(sum(({ outcomes: { error = 0 } }) => error)),
      rows: whole({ type: "failed" }, { type: "state", column: cell, state: "failed" }),
    },
    {
      id: "stale",
      label: "Run stale",
      count: counted(sum(staleCount)),
      // Stale rows alone, not those that never ran: as a scope, stale is both.
      rows: found({ type: "state", column: cell, state: "stale" }),
    },
    {
      id: "all",
      label: "Run all",
      count: rows.total * variants,
      rows: whole({ type: "all" }, { type: "all" }),
    },
  ];
  return choices.map((choice) => ({ ...choice, again: choice.id === "failed" }));
}
