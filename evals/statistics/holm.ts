/**
 * Adjusts the p values of several comparisons, so that the chance of even one false alarm stays what one comparison's
 * would be: the smallest times m, the next times m − 1, and so on, never falling and at most 1 (Holm 1979, Scandinavian
 * Journal of Statistics 6:65–70). The result is in the order given.
 */
export function holmAdjust(probabilities: readonly number[]): number[] {
  const order = probabilities
    .map((_, index) => index)
    .sort((one, other) => probabilities[one]! - probabilities[other]!);
  const adjusted = Array.from<number>({ length: probabilities.length });
  let least = 0;
  order.forEach((index, rank) => {
    least = Math.max(least, Math.min(1, probabilities[index]! * (probabilities.length - rank)));
    adjusted[index] = least;
  });
  return adjusted;
}
