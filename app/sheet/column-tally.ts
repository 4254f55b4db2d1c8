import { isAt } from "#server/notebook/axis.ts";
import type { VariantCounts } from "#server/tables/sheet-store.ts";
import type { ProgressView } from "#server/workbench/view.ts";
import type { CellColumn } from "./columns";
import { staleCount } from "./due-results";

/** How the results of a column stand, each counted once. */
export interface ColumnTally {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly stale: number;
  /** Whether a run goes over them. */
  readonly running: boolean;
  readonly words: string;
}

/** The tally of columns of a cell from the counts of their variants, and of the run that is on. */
export function columnTally(
  columns: readonly Pick<CellColumn, "at">[],
  counts: readonly VariantCounts[],
  progress: ProgressView | null,
): ColumnTally {
  const own = counts.filter((counted) => columns.some(({ at }) => isAt(counted.at, at)));
  const sum = (of: (each: VariantCounts) => number): number => own.reduce((total, each) => total + of(each), 0);
  const never = sum(({ counts: of }) => of.never ?? 0);
  const stale = sum(staleCount);
  const settled = sum(({ counts: of }) => (of.current ?? 0) + (of.locked ?? 0) + (of.edited ?? 0));
  const failed = sum((each) => each.settled.error ?? 0);
  const tally = { total: never + stale + settled, done: settled - failed, failed, stale };
  const told = [
    `${tally.done.toLocaleString("en")} of ${tally.total.toLocaleString("en")} done`,
    failed > 0 ? `${failed.toLocaleString("en")} failed` : "",
    stale > 0 ? `${stale.toLocaleString("en")} stale` : "",
    progress === null ? "" : progressWords(progress),
  ];
  return { ...tally, running: progress?.state === "running", words: told.filter((word) => word !== "").join(", ") };
}

function progressWords({ state, total, done, reused, failed, since }: ProgressView): string {
  if (state === "queued") return "queued";
  const past = done + reused + failed;
  const seconds = since === null ? 0 : (Date.now() - since) / 1_000;
  const rate = seconds > 1 && done > 0 ? `, ${(done / seconds).toFixed(done / seconds < 10 ? 1 : 0)} a second` : "";
  return `running: ${past.toLocaleString("en")}${total === null ? "" : ` of ${total.toLocaleString("en")}`}${rate}`;
}
