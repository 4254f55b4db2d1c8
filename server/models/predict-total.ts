import * as cephes from "cephes";

// Compiling WebAssembly is asynchronous where modules are; afterwards the functions are plain ones.
await cephes.compiled;

export interface Range {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

/** One of those that are known: what it came to, and how large what asked for it was. */
export interface Draw {
  readonly size: number;
  readonly amount: number;
}

/** Those whose total is wanted: how many, and their sizes' sum. */
export interface Ahead {
  readonly count: number;
  readonly size: number;
}

export interface PredictionSettings {
  /** The most that all of them can come to. */
  readonly most?: number;
  /** True: they go by their size for certain. However alike those that are known are, their mean is not taken, and a line only among their sizes. */
  readonly bySize?: boolean;
  /** How far single ones are from the mean before anything is known of it, as a share of it: worth one observation. */
  readonly spread?: number;
}

/**
 * The range is to hold the truth in nine of ten. It is made for a little more: a few draws of what is skewed, as answers' lengths are, seldom
 * have the longest among them, and what is computed for 92 of 100 holds then 87 to 92 times.
 */
const confidence = 0.92;

/** Another form than the first one is taken only where it foretells those that are known so much better. */
const clearlyBetter = 0.9;

/**
 * How far beyond the most and the least that are known one may be: by a factor of 1 and so much, shared among those that are known. One more
 * is beyond n that are known by a chance of 2 in n + 1, so it is far where n is small and hardly anything where it is large.
 */
const unseen = 40;

/** A total as it is foretold, and how it came about: for totals that are summed. */
export interface Prediction {
  readonly range: Range;
  /** Student's degrees of freedom of the range. */
  readonly degrees: number;
  /** By how much each of those that are known is off what is foretold of its like, in their order. */
  readonly misses: readonly number[];
}

/** How a total follows from what is known: its likely value and standard error, and how well each known one would have been foretold by the others. */
interface Form {
  readonly total: number;
  /** What it comes to where each one ahead misses by as much as that of the known which is the farthest below what is foretold, and above. */
  readonly least: number;
  readonly most: number;
  readonly error: number;
  readonly degrees: number;
  readonly missed: number;
  readonly misses: readonly number[];
}

/**
 * Foretells what `ahead` comes to in all from at least one that is known: by the mean of those, in proportion to the size, or along a
 * line, whichever foretells each known one best from the others. The range is the prediction interval of the total, so it holds both what
 * the sample does not know of the mean and how the draws to come spread. It ends a little beyond what they come to where each is as the
 * least that is known, or as the most: of few, or of some far from the others, the interval alone goes where nothing was ever seen.
 */
export function predict(
  past: readonly Draw[],
  ahead: Ahead,
  { most = Number.POSITIVE_INFINITY, bySize = false, spread = 0.5 }: PredictionSettings = {},
): Prediction {
  const mean = byMean(past, ahead, spread);
  const proportion = byProportion(past, ahead, spread);
  const [first, others] =
    bySize && proportion !== null
      ? [proportion, isAmong(past, ahead) ? [byLine(past, ahead, spread)] : []]
      : [mean, [proportion, byLine(past, ahead, spread)]];
  const {
    total,
    least,
    most: seen,
    error,
    degrees,
    misses,
  } = others.reduce<Form>(
    (best, form) =>
      form !== null && form.total > 0 && form.missed < Math.min(best.missed, clearlyBetter * first.missed)
        ? form
        : best,
    first,
  );
  // Where some came to the most that one can, they end there.
  const end = past.some(({ amount }) => amount >= most / ahead.count) ? most : Number.POSITIVE_INFINITY;
  const { low, likely, high } = rangeAround(Math.min(total, most), error, degrees, end);
  const beyond = 1 + unseen / past.length;
  const range = {
    low: Math.min(Math.max(low, least / beyond), most),
    likely,
    high: Math.min(high, seen * beyond, most),
  };
  return { range: ahead.count === 0 ? { low: 0, likely: 0, high: 0 } : range, degrees, misses };
}

/** The range of `predict`. */
export function predictTotal(past: readonly Draw[], ahead: Ahead, settings?: PredictionSettings): Range {
  return predict(past, ahead, settings).range;
}

/**
 * The range of Student's t, around the likely value by a factor: amounts are above zero, and the large ones the rarer. Where they have an
 * `end` that some came to, they spread the less the nearer their total is to none or to all of it, as shares do; the range then holds the totals
 * that are no more errors away than the quantile, each with the error it would have itself: Wilson's score interval, of the variance that was seen.
 */
export function rangeAround(
  likely: number,
  error: number,
  degrees: number,
  end: number = Number.POSITIVE_INFINITY,
): Range {
  if (likely === 0) return { low: 0, likely, high: 0 };
  const away = quantile(degrees) * error;
  if (end === Number.POSITIVE_INFINITY) {
    const factor = Math.exp(away / likely);
    return { low: likely / factor, likely, high: likely * factor };
  }
  // Where all that are known came to the end, it is as if half of one had come to nothing: the next ones may.
  const inside = Math.min(likely, end * (1 - 1 / (2 * degrees)));
  const spread = away ** 2 / (inside * (end - inside));
  const middle = likely + (spread * end) / 2;
  const half = Math.sqrt(spread * likely * (end - likely) + ((spread * end) / 2) ** 2);
  return {
    low: Math.min(likely, (middle - half) / (1 + spread)),
    likely,
    high: Math.max(likely, (middle + half) / (1 + spread)),
  };
}

/** By how many standard errors a range goes up and down. */
export function quantile(degrees: number): number {
  return cephes.stdtri(degrees, (1 + confidence) / 2);
}

/** Whether those ahead are, on average, of a size that lies among those that are known. */
function isAmong(past: readonly Draw[], { count, size }: Ahead): boolean {
  const sizes = past.map((draw) => draw.size);
  return Math.min(...sizes) <= size / count && size / count <= Math.max(...sizes);
}

/** The same amount whatever the size. */
function byMean(past: readonly Draw[], { count }: Ahead, spread: number): Form {
  const n = past.length;
  const mean = sum(past, ({ amount }) => amount) / n;
  const squares = sum(past, ({ amount }) => (amount - mean) ** 2);
  return {
    total: mean * count,
    least: count * Math.min(...past.map(({ amount }) => amount)),
    most: count * Math.max(...past.map(({ amount }) => amount)),
    error: Math.sqrt(((squares + (spread * mean) ** 2) / n) * (count + count ** 2 / n)),
    degrees: n,
    missed: n < 2 ? Number.POSITIVE_INFINITY : squares * (n / (n - 1)) ** 2,
    misses: past.map(({ amount }) => amount - mean),
  };
}

/** So much a unit of size; the spread grows with the size. */
function byProportion(past: readonly Draw[], ahead: Ahead, spread: number): Form | null {
  const n = past.length;
  const size = sum(past, (draw) => draw.size);
  if (past.some((draw) => draw.size <= 0)) return null;
  const amount = sum(past, (draw) => draw.amount);
  const rate = amount / size;
  const squares = sum(past, (draw) => (draw.amount - rate * draw.size) ** 2 / draw.size);
  const variance = (squares + (spread * rate) ** 2 * (size / n)) / n;
  return {
    total: rate * ahead.size,
    least: ahead.size * Math.min(...past.map((draw) => draw.amount / draw.size)),
    most: ahead.size * Math.max(...past.map((draw) => draw.amount / draw.size)),
    error: Math.sqrt(variance * (ahead.size + ahead.size ** 2 / size)),
    degrees: n,
    missed:
      n < 2
        ? Number.POSITIVE_INFINITY
        : sum(past, (draw) => (draw.amount - ((amount - draw.amount) / (size - draw.size)) * draw.size) ** 2),
    misses: past.map((draw) => draw.amount - rate * draw.size),
  };
}

/** A fixed amount and so much a unit of size. */
function byLine(past: readonly Draw[], { count, size }: Ahead, spread: number): Form | null {
  const n = past.length;
  const middle = sum(past, (draw) => draw.size) / n;
  const mean = sum(past, ({ amount }) => amount) / n;
  const width = sum(past, (draw) => (draw.size - middle) ** 2);
  if (n < 6 || width === 0) return null;
  const slope = sum(past, (draw) => (draw.size - middle) * (draw.amount - mean)) / width;
  const miss = (draw: Draw): number => draw.amount - mean - slope * (draw.size - middle);
  const misses = past.map(miss);
  const total = mean * count + slope * (size - count * middle);
  const variance = (sum(past, (draw) => miss(draw) ** 2) + (spread * mean) ** 2) / (n - 1);
  const away = size - count * middle;
  return {
    total,
    least: total + count * Math.min(0, ...misses),
    most: total + count * Math.max(0, ...misses),
    error: Math.sqrt(variance * (count + count ** 2 / n + away ** 2 / width)),
    degrees: n - 1,
    missed: sum(past, (draw) => (miss(draw) / (1 - 1 / n - (draw.size - middle) ** 2 / width)) ** 2),
    misses,
  };
}

function sum(draws: readonly Draw[], part: (draw: Draw) => number): number {
  return draws.reduce((total, draw) => total + part(draw), 0);
}
