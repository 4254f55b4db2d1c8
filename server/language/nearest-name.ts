/** The candidate most like `wanted`, if one is like enough to be what was meant. */
export function nearestName(wanted: string, candidates: Iterable<string>): string | undefined {
  if (wanted.length > longest) return undefined;
  let best: string | undefined;
  // Of two letters one in two may be anything: only another case counts then.
  let bestDistance = wanted.length < 3 ? 1 : Math.max(1, Math.floor(wanted.length / 3)) + 1;
  let looked = 0;
  for (const candidate of candidates) {
    looked += 1;
    if (looked > most) break;
    if (candidate === wanted || Math.abs(candidate.length - wanted.length) >= bestDistance) continue;
    const distance =
      candidate.toLowerCase() === wanted.toLowerCase() ? 0 : editDistance(wanted, candidate, bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** ``; did you mean `topic`?``, or nothing. */
export function suggestion(wanted: string, candidates: Iterable<string>): string {
  const name = nearestName(wanted, candidates);
  return name === undefined ? "" : `; did you mean \`${name}\`?`;
}

const longest = 64;
const most = 2_000;

/** Insertions, deletions, replacements and swaps of neighbours that turn one text into another (optimal string alignment). */
function editDistance(from: string, to: string, enough: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      let value = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) value = Math.min(value, beforeLast[column - 2]! + 1);
      current.push(value);
      least = Math.min(least, value);
    }
    if (least > enough) return least;
    beforeLast = last;
    last = current;
  }
  return last[to.length]!;
}
