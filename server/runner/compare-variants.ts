import { clusteredMeanOf } from "#evals/statistics/clustered-mean.ts";
import { within, type Interval } from "#evals/statistics/interval.ts";
import { mcnemarProbability } from "#evals/statistics/mcnemar.ts";
import { pairedProbability } from "#evals/statistics/paired-difference.ts";
import { smallestDetectableDifference } from "#evals/statistics/power.ts";
import type { Coordinates } from "#server/notebook/address.ts";
import type { SheetView } from "#server/notebook/sheet-view.ts";
import { answeringNodesAt } from "./answering-nodes.ts";
import { comparisonText } from "./comparison-text.ts";
import type { RunContext } from "./run-context.ts";
import { withSheet } from "./sheet-opened.ts";

/** Two variants of a cell on the rows where both are settled and have a number: the first against the second. */
export interface VariantComparison {
  readonly first: Coordinates;
  readonly second: Coordinates;
  /** Rows compared, and rows of the view. */
  readonly n: number;
  readonly rows: number;
  /** How many of them are independent. */
  readonly clusters: number;
  readonly means: { readonly first: number; readonly second: number } | null;
  /** The mean of the first less that of the second. */
  readonly difference: number | null;
  /** The 95 % interval of the difference; null where there are too few rows, or all differ alike and not by 0. */
  readonly interval: Interval | null;
  /** Two-sided: by the exact McNemar test where all are verdicts of independent rows, else by Student's paired test. */
  readonly p: number | null;
  readonly test: "mcnemar" | "paired";
  /** The difference that so many rows would most likely have shown, were it there; null where they have no spread to reckon with. */
  readonly detectable: number | null;
  readonly sentence: string;
}

/** Compares two variants of a sheet's cell, row by row, of repeats their means. Null where the sheet's rows are not settled. */
export async function compareVariants(
  id: string,
  cell: string,
  [first, second]: readonly [Coordinates, Coordinates],
  view: SheetView,
  context: Pick<RunContext, "state" | "tables">,
): Promise<VariantComparison | null> {
  return await withSheet(id, view, context, async ({ call, node: nodeOf }) => {
    const node = nodeOf(cell);
    const { graph } = context.state;
    const answers = [first, second].flatMap((at) => answeringNodesAt(node, at, graph));
    const found = await context.tables.sheets.pairFigures({ ...call, node: cell, first, second, answers });
    const { n, rows, difference, clusters, verdicts } = found;
    const sums = { n, mean: difference, clusters: clusters.count, squares: clusters.squares };
    const estimate = clusteredMeanOf(sums);
    const exact = verdicts !== null && clusters.count === n;
    const p = exact ? mcnemarProbability(verdicts.onlyFirst, verdicts.onlySecond) : pairedProbability(estimate);
    const { standardError } = estimate;
    const isScore = verdicts !== null || node.kind?.kind === "score";
    const interval = isScore ? within(estimate.interval, -1, 1) : estimate.interval;
    const means = found.first === null ? null : { first: found.first, second: found.second! };
    const compared = { first, second, n, rows, clusters: clusters.count, means, difference, interval, p } as const;
    return {
      ...compared,
      test: exact ? "mcnemar" : "paired",
      detectable: standardError === null || standardError === 0 ? null : smallestDetectableDifference(standardError),
      sentence: comparisonText({ ...compared, exact, verdicts: verdicts !== null }),
    };
  });
}
