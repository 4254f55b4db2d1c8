import type { NodeView, NotebookView } from "#server/workbench/view.ts";
import type { VariantCounts } from "#server/tables/sheet-store.ts";
import { mistakeOf } from "./mistake-of";
import { shownState, type ShownState } from "./shown-state";

/** What a sheet is computing: the column that runs, or one that waits for its turn; null at rest. */
export function runningColumn(sheet: string, { nodes }: Pick<NotebookView, "nodes">): NodeView | null {
  const busy = Object.values(nodes).filter((node) => node.sheet === sheet && node.progress !== null);
  return busy.find(({ progress }) => progress?.state === "running") ?? busy[0] ?? null;
}

/** The one state that stands for all rows of a sheet: what runs, what failed, what is stale, what was never run. */
export function sheetState(
  sheet: NodeView,
  view: Pick<NotebookView, "cells" | "nodes" | "sheets">,
  clock: () => number,
): ShownState {
  const running = runningColumn(sheet.id, view)?.progress ?? sheet.progress;
  // Its rows may be settled all the same: they are skipped, or blocked, with it.
  if (sheet.without !== undefined && running === null)
    return shownState({ status: "idle", freshness: { state: "current" }, ...sheet.without });
  return countedState(sheet, Object.values(view.sheets[sheet.id]?.counts ?? {}).flat(), running, view, clock);
}

/** The one state that stands for all rows of a sheet's column. */
export function columnState(
  column: NodeView,
  view: Pick<NotebookView, "cells" | "sheets">,
  clock: () => number,
): ShownState {
  const counts = view.sheets[column.sheet ?? ""]?.counts[column.name] ?? [];
  return countedState(column, counts, column.progress, view, clock);
}

function countedState(
  node: NodeView,
  all: readonly VariantCounts[],
  running: NodeView["progress"],
  { cells }: Pick<NotebookView, "cells">,
  clock: () => number,
): ShownState {
  const idle = { status: "idle", outcome: "ok" } as const;
  if (node.blocked !== null)
    return shownState({ ...idle, freshness: { state: "current" }, outcome: "error", error: node.blocked });
  if (running !== null)
    return shownState({
      status: running.state,
      elapsed: running.since === null ? null : clock() - running.since,
      preparation: running.preparation,
      freshness: { state: "never" },
      outcome: null,
    });
  const sums = { all: 0, never: 0, stale: 0, errors: 0 };
  for (const { counts, outcomes } of all) {
    for (const [freshness, count] of Object.entries(counts)) {
      sums.all += count;
      if (freshness === "never") sums.never += count;
      if (freshness.startsWith("stale")) sums.stale += count;
    }
    sums.errors += outcomes.error ?? 0;
  }
  const mistake = sums.never + sums.stale === sums.all ? mistakeOf(node, cells) : null;
  if (mistake !== null)
    return shownState({ ...idle, freshness: { state: "current" }, outcome: "error", error: mistake });
  if (sums.all === sums.never) return shownState({ ...idle, freshness: { state: "never" }, outcome: null });
  const open = [
    sums.stale > 0 ? `${number(sums.stale)} stale` : "",
    sums.never > 0 ? `${number(sums.never)} not run` : "",
  ].filter((words) => words !== "");
  if (sums.errors > 0) return failed(sums.errors, open);
  if (open.length === 0) return shownState({ ...idle, freshness: { state: "current" } });
  return {
    icon: "stale",
    word: open.join(", "),
    tooltip: `Of ${number(sums.all)} results ${open.join(" and ")}. Run it to bring them up to date.`,
    tone: "stale",
  };
}

function failed(errors: number, open: readonly string[]): ShownState {
  const word = [`${number(errors)} failed`, ...open].join(", ");
  return {
    icon: "error",
    word,
    tooltip: `${word}. Filter the sheet by what failed, or run that again.`,
    tone: "bad",
  };
}

function number(count: number): string {
  return count.toLocaleString("en");
}
