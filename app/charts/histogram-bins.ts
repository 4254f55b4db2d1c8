/** One bar of a histogram: values from `from`, and up to but without `to`, of the last one with it. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly counts: { readonly [series: string]: number };
  readonly total: number;
}

/** Values counted in bins of a round width, about √n of them, 5 to 40. */
export function histogramBins(
  values: readonly { readonly value: number; readonly series: string }[],
  mostSeries: number,
): { readonly bins: readonly Bin[]; readonly names: readonly string[] } {
  const names = [...new Set(values.map(({ series }) => series))].slice(0, mostSeries);
  const numbers = values.map(({ value }) => value);
  const low = numbers.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = numbers.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const wanted = Math.min(40, Math.max(5, Math.round(Math.sqrt(values.length))));
  const width = high === low ? 1 : roundWidth((high - low) / wanted);
  const start = Math.floor(low / width) * width;
  const size = Math.max(1, Math.ceil((high - start) / width - 1e-9));
  const counts = Array.from({ length: size }, (): { [series: string]: number } => ({}));
  for (const { value, series } of values) {
    if (!names.includes(series)) continue;
    const bin = counts[Math.min(size - 1, Math.floor((value - start) / width + 1e-9))]!;
    bin[series] = (bin[series] ?? 0) + 1;
  }
  const bins = counts.map((bin, index) => ({
    from: tidy(start + index * width),
    to: tidy(start + (index + 1) * width),
    counts: bin,
    total: Object.values(bin).reduce((sum, number) => sum + number, 0),
  }));
  return { bins, names };
}

/** The nearest of 1, 2, 2.5 and 5 times a power of ten that is not smaller. */
function roundWidth(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width));
  const step = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= width * (1 - 1e-9)) ?? 10;
  return step * power;
}

function tidy(number: number): number {
  return Number(number.toPrecision(10));
}
