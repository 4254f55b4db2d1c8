/** Milliseconds for which an answer is taken to hold. */
const kept = 30_000;

/** What was answered last, for as long as it may be taken to hold. While the server is away nothing is offered; that it is away is said elsewhere. */
export function askedOnce<Entry>(ask: () => Promise<readonly Entry[]>): () => Promise<readonly Entry[]> {
  let last: { readonly at: number; readonly answer: Promise<readonly Entry[]> } | null = null;
  return () => {
    if (last !== null && Date.now() - last.at < kept) return last.answer;
    const answer = ask().catch(() => {
      last = null;
      return [];
    });
    last = { at: Date.now(), answer };
    return answer;
  };
}
