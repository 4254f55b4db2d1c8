/** One answer of several, and how often it came. */
export interface FoldedAnswer {
  readonly answer: string;
  readonly count: number;
}

/** Answers of repeats as one: `card_arrival × 4, exchange_rate × 1`, the most frequent first, equal ones in the order they came. */
export function foldRepeats(answers: readonly string[]): readonly FoldedAnswer[] {
  const counts = new Map<string, number>();
  for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  return [...counts].map(([answer, count]) => ({ answer, count })).sort((left, right) => right.count - left.count);
}

export function foldedText(folded: readonly FoldedAnswer[]): string {
  return folded.map(({ answer, count }) => `${answer} × ${count}`).join(", ");
}
