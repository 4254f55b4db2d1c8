/** How many elements two lists, or characters two texts, have in common at their head, and behind it at their end. */
export function commonEnds(
  before: ArrayLike<string>,
  after: ArrayLike<string>,
): { readonly head: number; readonly tail: number } {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  return { head, tail };
}
