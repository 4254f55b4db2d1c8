/** What is said of a budget's calls whose tokens nobody counted; empty where there are none. */
export function estimatedWords(calls: number): string {
  if (calls === 0) return "";
  const which =
    calls === 1 ? "1 call that says nothing of its tokens" : `${calls} calls that say nothing of their tokens`;
  return `, with ${which} counted at about what was expected`;
}
