import type { Hit } from "#server/notebook/services.ts";

/** The constant of reciprocal rank fusion: the larger, the less the first places count. 60 is the paper's. */
const rankOffset = 60;

/**
 * Joins rankings by reciprocal rank fusion: a row's score is the sum of `1 / (60 + rank)` over the rankings it is in, ranks
 * counted from 1; at most 2/61 with two rankings. Best first, equal scores by row.
 * Source: Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet…", SIGIR 2009.
 */
export function fuse(rankings: readonly (readonly Hit[])[], k: number): Hit[] {
  const scores = new Map<number, number>();
  for (const ranking of rankings)
    ranking.forEach(({ row }, index) => scores.set(row, (scores.get(row) ?? 0) + 1 / (rankOffset + index + 1)));
  return [...scores]
    .map(([row, score]) => ({ row, score }))
    .sort((a, b) => b.score - a.score || a.row - b.row)
    .slice(0, k);
}
