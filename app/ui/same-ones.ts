/**
 * A list made anew, with those of before in it that are the same: what is drawn of them stays, and with it the focus. The list of before
 * itself where nothing is another.
 */
export function sameOnes<One>(before: readonly One[], now: readonly One[]): readonly One[] {
  const known = new Map(before.map((one) => [JSON.stringify(one), one]));
  const all = now.map((one) => known.get(JSON.stringify(one)) ?? one);
  return all.length === before.length && all.every((one, index) => one === before[index]) ? before : all;
}
