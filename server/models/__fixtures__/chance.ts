/** Chance that can be repeated: xorshift, from 0 to 1. */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) + 0.5) / 2 ** 32;
  };
}

/** Numbers of the normal distribution around 0, with a deviation of 1, from numbers from 0 to 1 (Box and Muller). */
export function normalBy(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
}
