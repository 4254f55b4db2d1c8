/** Lines of a window: most changes are within one line, and few within more than these. */
const windowLines = 25;

/**
 * Windows of lines that cover about a share of some files, as patterns `FILE:FROM-TO` that Stryker takes: the same for the same seed, each
 * line as likely as any other. Changes of whole functions that are longer than a window are in none, and those are noticed most easily.
 */
export function windows(
  files: readonly { readonly path: string; readonly lines: number }[],
  share: number,
  seed: number,
): readonly string[] {
  const random = mulberry32(seed);
  return files.flatMap(({ path, lines }) => {
    const count = Math.ceil(lines / windowLines);
    return Array.from({ length: count }, (_, index) => index)
      .filter(() => random() < share)
      .map((index) => `${path}:${index * windowLines + 1}-${Math.min((index + 1) * windowLines, lines)}`);
  });
}

/** Mulberry32, a small generator of numbers from 0 to 1: Tommy Ettinger's, in the public domain. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
