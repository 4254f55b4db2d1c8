import type { CallOrder, CostDay } from "#server/tables/call-store.ts";
import type { ChartModel } from "../charts/chart-model.ts";
import { dollars } from "../money/dollars.ts";
import { countText, durationText } from "../ui/words.ts";
import type { ListKind } from "./cost-question.ts";
import { everyTime, type TimeUnit } from "./every-time.ts";

/** What is drawn day by day. */
export interface DayMeasure {
  readonly name: string;
  readonly word: string;
  readonly axis: string;
  /** The figure the day with the most is found by, in the words of `text`. */
  readonly of: (day: CostDay) => number;
  /** What is drawn of a day where it is not that figure alone: each a series, stacked where they are parts of it. */
  readonly parts?: readonly { readonly name: string; readonly of: (day: CostDay) => number | null }[];
  readonly isStacked?: true;
  readonly text: (figure: number) => string;
  /** Which of the calls a day of it is made of; null for all. */
  readonly kind: ListKind | null;
  /** Which of them come first; the newest where absent. */
  readonly order?: CallOrder;
  /** What of a day is not in its figure, as the price is not known; null where nothing can be. */
  readonly unpriced: { readonly noun: string; readonly of: (day: CostDay) => number } | null;
}

const spent: DayMeasure = {
  name: "spent",
  word: "Spent",
  axis: "US dollars",
  of: ({ cost }) => Number(cost.toPrecision(3)),
  text: dollars,
  kind: null,
  unpriced: { noun: "call", of: ({ unpriced }) => unpriced },
};
const called: DayMeasure = {
  name: "calls",
  word: "Calls",
  axis: "calls",
  of: ({ calls }) => calls,
  text: (figure) => countText(figure, "call"),
  kind: null,
  unpriced: null,
};

export const dayMeasures: readonly DayMeasure[] = [
  spent,
  called,
  {
    name: "failed",
    word: "Failed",
    axis: "failed calls",
    of: ({ failed }) => failed,
    text: (figure) => countText(figure, "failed call"),
    kind: "failed",
    unpriced: null,
  },
  {
    name: "free",
    word: "Came free",
    axis: "free answers",
    of: ({ free }) => free,
    text: (figure) => countText(figure, "free answer"),
    kind: "free",
    unpriced: null,
  },
  {
    name: "saved",
    word: "Saved",
    axis: "US dollars saved",
    of: ({ saved }) => Number(saved.toPrecision(3)),
    text: dollars,
    kind: "free",
    unpriced: { noun: "answer", of: ({ freeUnpriced }) => freeUnpriced },
  },
  {
    name: "tokens",
    word: "Tokens",
    axis: "tokens",
    of: ({ input, output }) => input + output,
    parts: [
      { name: "in", of: ({ input }) => input },
      { name: "out", of: ({ output }) => output },
    ],
    isStacked: true,
    text: (figure) => countText(figure, "token"),
    kind: null,
    unpriced: null,
  },
  {
    name: "latency",
    word: "Latency",
    axis: "seconds",
    of: ({ latency }) => (latency?.p95 ?? 0) / 1000,
    parts: [
      { name: "median", of: ({ latency }) => latency && latency.median / 1000 },
      { name: "95 %", of: ({ latency }) => latency && latency.p95 / 1000 },
    ],
    text: (figure) => `95 % within ${durationText(figure * 1000)}`,
    kind: null,
    order: "slowest",
    unpriced: null,
  },
];

/** What an address asks to be drawn; otherwise what was spent, or the calls where nothing was. */
export function measureOf(name: string | undefined, days: readonly CostDay[]): DayMeasure {
  return dayMeasures.find((measure) => measure.name === name) ?? (days.some(({ cost }) => cost > 0) ? spent : called);
}

/** Days that are named before the rest is counted. */
const mostNamed = 7;

/** A day as it is, an hour without its day: `14:00`. */
export function timeWords({ day }: Pick<CostDay, "day">): string {
  return day.slice(day.indexOf(" ") + 1);
}

/** The picture of days, or of the hours of one: those between, on which nothing was called, too. Days whose figure lacks what is of unknown price are marked. */
export function daysChart(
  days: readonly CostDay[],
  measure: DayMeasure,
  unit: TimeUnit = "day",
): Extract<ChartModel, { type: "bar" }> {
  const { axis, of, unpriced, parts = [{ name: axis, of }], isStacked = false } = measure;
  const besides = (day: CostDay): string | null => {
    const count = unpriced?.of(day) ?? 0;
    return count === 0 ? null : `${countText(count, unpriced!.noun)} of unknown price`;
  };
  const marked = days.filter((day) => besides(day) !== null);
  return {
    type: "bar",
    x: unit,
    y: axis,
    points: everyTime(days, unit).map((day) => ({
      x: timeWords(day),
      values: Object.fromEntries(
        parts.flatMap(({ name, of }) => {
          const figure = of(day);
          return figure === null ? [] : [[name, figure]];
        }),
      ),
      errors: {},
      besides: besides(day),
    })),
    numeric: false,
    series: parts.map(({ name }) => ({ key: name, name })),
    isStacked,
    summary: [
      `${axis} ${unit} by ${unit}: ${countText(days.length, unit)}, ${mostWords(days, measure, unit, marked.length > 0)}.`,
      ...(marked.length === 0 ? [] : [`Not in it: ${namedDays(marked, unit, besides)}.`]),
    ].join(" "),
    note: marked.length === 0 ? null : `with a ? where ${unpriced!.noun}s of unknown price are not in the bar`,
  };
}

const preposition: { readonly [Unit in TimeUnit]: string } = { day: "on", hour: "at" };

function mostWords(days: readonly CostDay[], { of, text }: DayMeasure, unit: TimeUnit, lacksSome: boolean): string {
  const most = days.reduce((best, day) => (of(day) > of(best) ? day : best), days[0]!);
  const where = `${preposition[unit]} ${timeWords(most)} (${text(of(most))})`;
  if (!lacksSome) return `most ${where}`;
  return of(most) === 0 ? "nothing as far as prices are known" : `most as far as prices are known ${where}`;
}

function namedDays(days: readonly CostDay[], unit: TimeUnit, besides: (day: CostDay) => string | null): string {
  const named = days.slice(0, mostNamed).map((day) => `${besides(day)} ${preposition[unit]} ${timeWords(day)}`);
  const left = days.length - named.length;
  return [...named, ...(left === 0 ? [] : [`more on ${countText(left, `other ${unit}`)}`])].join(", ");
}
