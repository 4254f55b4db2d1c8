import type { Interval } from "#evals/statistics/interval.ts";
import { scoreInterval } from "#evals/statistics/score-interval.ts";
import type { ColumnRef, SheetView } from "#server/notebook/sheet-view.ts";
import type { ColumnFigures } from "#server/tables/sheet-views.ts";
import { answeringNodesAt } from "./answering-nodes.ts";
import type { RunContext } from "./run-context.ts";
import { withSheet } from "./sheet-opened.ts";

type Context = Pick<RunContext, "state" | "tables">;

/** What a column comes to over the rows of a view: of a cell's results only those that are current, locked or edited. */
export interface ColumnSummary extends Omit<ColumnFigures, "clusters"> {
  /** For scores, and for cells whose values are all true or false; null for other columns. */
  readonly mean: {
    readonly n: number;
    readonly mean: number | null;
    /** The 95 % interval, within 0…1; null where they cannot tell one: too few, or all the same and not 0 or 1. */
    readonly interval: Interval | null;
    /** How many of them are independent: rows whose answers came of one request count once. */
    readonly clusters: number;
  } | null;
}

/** Summarizes a column for its header and footer. Null where the sheet's rows are not settled. */
export async function sheetColumn(
  id: string,
  column: ColumnRef,
  view: SheetView,
  context: Context,
): Promise<ColumnSummary | null> {
  return await withSheet(id, view, context, async ({ call, node }) => {
    const answers = column.type === "row" ? null : answeringNodesAt(node(column.cell), column.at, context.state.graph);
    const found = await context.tables.sheets.columnFigures({ ...call, column, answers });
    const { clusters, ...figures } = found;
    const isScore = column.type === "cell" && node(column.cell).kind?.kind === "score";
    const isTruth = figures.top.length > 0 && figures.top.every(({ value }) => typeof value === "boolean");
    return { ...figures, mean: clusters !== null && (isScore || isTruth) ? meanOf(figures.numbers, clusters) : null };
  });
}

function meanOf(
  numbers: ColumnFigures["numbers"],
  { count: clusters, squares }: NonNullable<ColumnFigures["clusters"]>,
): ColumnSummary["mean"] {
  if (numbers === null) return { n: 0, mean: null, interval: null, clusters: 0 };
  const { n, mean, ones, zeros } = numbers;
  const interval = scoreInterval({ n, mean, clusters, squares }, ones + zeros === n);
  return { n, mean, interval, clusters };
}
