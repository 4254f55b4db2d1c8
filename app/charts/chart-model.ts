import type { Chart, Datum } from "#server/notebook/value.ts";
import { datumText, numberText } from "../values/value-summary.ts";
import { histogramBins, type Bin } from "./histogram-bins.ts";

/** A chart with its figures: what is drawn, and what is said of it. */
export type ChartModel =
  | { readonly type: "empty"; readonly reason: string }
  | (Drawn & {
      readonly type: "bar";
      readonly points: readonly Point[];
      readonly numeric: boolean;
      /** Whether the bars of a place stand upon each other; side by side where absent. */
      readonly isStacked?: boolean;
    })
  | (Drawn & { readonly type: "line"; readonly points: readonly Point[]; readonly numeric: boolean })
  | (Drawn & { readonly type: "scatter"; readonly points: readonly Point[] })
  | (Drawn & { readonly type: "histogram"; readonly bins: readonly Bin[] });

interface Drawn {
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
  /** The chart in a sentence, for whoever does not see it. */
  readonly summary: string;
  /** What is not drawn, or drawn in another way than the rows have it; null for nothing. */
  readonly note: string | null;
}

export interface Series {
  readonly key: string;
  readonly name: string;
}

/** One place across, with a figure for each series, and how far it may be off below and above. */
export interface Point {
  readonly x: string | number;
  readonly values: { readonly [series: string]: number };
  readonly errors: { readonly [series: string]: readonly [number, number] };
  /** What its figures do not have, in words: it is marked by a question mark. */
  readonly besides?: string | null;
}

/** Series that can still be told apart. */
const mostSeries = 8;

/** The figures of a chart from its table's rows, of which there may be more. */
export function chartModel(chart: Chart, rows: readonly (readonly Datum[])[]): ChartModel {
  const { table, kind } = chart;
  const at = new Map(table.columns.map(({ name }, index) => [name, index]));
  const missing = [chart.x, ...chart.y, ...(chart.series === undefined ? [] : [chart.series])].find(
    (name) => !at.has(name),
  );
  if (missing !== undefined) return { type: "empty", reason: `There is no column \`${missing}\` any more.` };
  if (rows.length === 0) return { type: "empty", reason: "The table has no rows: there is nothing to draw." };
  const read = (row: readonly Datum[], column: string): Datum => row[at.get(column)!] ?? null;
  const seriesOf = (row: readonly Datum[]): string =>
    chart.series === undefined ? "" : datumText(read(row, chart.series));
  const cut = rows.length < table.rowCount ? `the first ${count(rows.length)} of ${count(table.rowCount)} rows` : null;

  if (kind === "histogram") {
    const values = rows.map((row) => ({ value: numberOf(read(row, chart.x)), series: seriesOf(row) }));
    const numbers = values.flatMap(({ value, series }) => (value === null ? [] : [{ value, series }]));
    if (numbers.length === 0) return { type: "empty", reason: `\`${chart.x}\` has no numbers to count.` };
    const { bins, names } = histogramBins(numbers, mostSeries);
    const [first] = [...bins].sort((left, right) => right.total - left.total);
    return {
      type: "histogram",
      x: chart.x,
      y: "rows",
      bins,
      series: names.map((name) => ({ key: name, name: name === "" ? "rows" : name })),
      summary: `Histogram of ${chart.x}: ${count(numbers.length)} values, most of them (${count(first!.total)}) from ${numberText(first!.from)} to ${numberText(first!.to)}.`,
      note: cut,
    };
  }

  const ys = chart.y.length > 0 ? chart.y : [""];
  const points = new Map<string, Gathered>();
  const series = new Map<string, Series>();
  let left = 0;
  let several = false;
  for (const row of rows) {
    const x = read(row, chart.x);
    for (const y of ys) {
      const key = [seriesOf(row), ys.length > 1 ? y : ""].filter((part) => part !== "").join(" · ");
      if (!series.has(key)) {
        if (series.size >= mostSeries) {
          left += 1;
          continue;
        }
        series.set(key, { key, name: key === "" ? (y === "" ? "rows" : y) : key });
      }
      const value = y === "" ? 1 : numberOf(read(row, y));
      if (value === null) continue;
      const id = kind === "scatter" ? String(points.size) : datumText(x);
      const point = points.get(id) ?? { x: placeOf(x), values: new Map(), errors: new Map() };
      points.set(id, point);
      const values = point.values.get(key) ?? [];
      if (values.length > 0 && y !== "") several = true;
      point.values.set(key, [...values, value]);
      const error =
        y === "" ? null : errorOf(y, value, (column) => (at.has(column) ? numberOf(read(row, column)) : null));
      if (error !== null) point.errors.set(key, error);
    }
  }
  const drawn = [...points.values()].map((point): Point => toPoint(point, ys[0] === ""));
  if (drawn.length === 0)
    return { type: "empty", reason: `${ys.map((y) => `\`${y}\``).join(", ")} has no numbers to draw.` };
  const numeric = drawn.every(({ x }) => typeof x === "number");
  if (kind === "scatter" && !numeric)
    return { type: "empty", reason: `\`${chart.x}\` has to be numbers for points to be placed by it.` };
  if (kind === "line") drawn.sort((one, other) => compare(one.x, other.x));
  const notes = [
    cut,
    several && kind !== "scatter" ? "means where several rows have one place" : null,
    left > 0 ? `the first ${mostSeries} series` : null,
  ].filter((note) => note !== null);
  const y = chart.y.length === 0 ? "rows" : chart.y.join(", ");
  return {
    type: kind,
    x: chart.x,
    y,
    series: [...series.values()],
    points: drawn,
    numeric,
    summary: summaryOf(chart, y, drawn, series),
    note: notes.length === 0 ? null : notes.join("; "),
  };
}

interface Gathered {
  readonly x: string | number;
  readonly values: Map<string, readonly number[]>;
  readonly errors: Map<string, readonly [number, number]>;
}

function toPoint({ x, values, errors }: Gathered, counts: boolean): Point {
  const figures = [...values].map(([key, numbers]) => {
    const sum = numbers.reduce((total, number) => total + number, 0);
    return [key, counts ? sum : sum / numbers.length, numbers.length] as const;
  });
  return {
    x,
    values: Object.fromEntries(figures.map(([key, value]) => [key, value])),
    // An interval of one row says nothing of the mean of several.
    errors: Object.fromEntries([...errors].filter(([key]) => figures.some(([name, , n]) => name === key && n === 1))),
  };
}

/** How far a figure may be off: columns `y_low` and `y_high`, or `low` and `high`, that stand around it. */
function errorOf(y: string, value: number, read: (column: string) => number | null): readonly [number, number] | null {
  for (const prefix of [`${y}_`, ""]) {
    const low = read(`${prefix}low`);
    const high = read(`${prefix}high`);
    if (low !== null && high !== null && low <= value && value <= high) return [value - low, high - value];
  }
  return null;
}

function summaryOf(
  { kind, x, series: by }: Chart,
  y: string,
  points: readonly Point[],
  series: ReadonlyMap<string, Series>,
): string {
  const figures = points.flatMap(({ x: place, values }) =>
    Object.entries(values).map(([key, value]) => ({ place, key, value })),
  );
  const highest = figures.reduce((most, each) => (each.value > most.value ? each : most));
  const lowest = figures.reduce((least, each) => (each.value < least.value ? each : least));
  const name = { bar: "Bar chart", line: "Line chart", scatter: "Scatter plot", histogram: "Histogram" }[kind];
  const where = ({ place, key }: (typeof figures)[number]): string =>
    `${x} ${placeText(place)}${key === "" ? "" : ` (${key})`}`;
  return `${name} of ${y} by ${x}${by === undefined ? "" : `, ${count(series.size)} series by ${by}`}: ${count(figures.length)} figures from ${numberText(lowest.value)} at ${where(lowest)} to ${numberText(highest.value)} at ${where(highest)}.`;
}

function placeText(place: string | number): string {
  return typeof place === "number" ? numberText(place) : place;
}

function placeOf(datum: Datum): string | number {
  return datum === null ? "null" : (numberOf(datum) ?? datumText(datum));
}

function numberOf(datum: Datum): number | null {
  if (typeof datum === "bigint") return Number(datum);
  if (typeof datum === "boolean") return datum ? 1 : 0;
  return typeof datum === "number" && Number.isFinite(datum) ? datum : null;
}

function compare(left: string | number, right: string | number): number {
  if (typeof left === "number" && typeof right === "number") return left - right;
  return String(left) < String(right) ? -1 : String(left) > String(right) ? 1 : 0;
}

function count(number: number): string {
  return number.toLocaleString("en");
}
