import type { CostDay } from "#server/tables/call-store.ts";
import type { ChartModel } from "../charts/chart-model.ts";
import { dollars } from "../money/dollars.ts";
import { countText } from "../ui/words.ts";
import type { ListKind } from "./cost-question.ts";
import { everyDay } from "./every-day.ts";

/** What is drawn day by day. */
export interface DayMeasure {
  readonly name: string;
  readonly word: string;
  readonly axis: string;
  readonly of: (day: CostDay) => number;
  readonly text: (figure: number) => string;
  /** Which of the calls a day of it is made of; null for all. */
  readonly kind: ListKind | null;
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
];

/** What an address asks to be drawn; otherwise what was spent, or the calls where nothing was. */
export function measureOf(name: string | undefined, days: readonly CostDay[]): DayMeasure {
  return dayMeasures.find((measure) => measure.name === name) ?? (days.some(({ cost }) => cost > 0) ? spent : called);
}

/** Days that are named before the rest is counted. */
const mostNamed = 7;

/** The picture of days: those between, on which nothing was called, too. Days whose figure lacks what is of unknown price are marked. */
export function daysChart(days: readonly CostDay[], measure: DayMeasure): Extract<ChartModel, { type: "bar" }> {
  const { axis, of, unpriced } = measure;
  const besides = (day: CostDay): string | null => {
    const count = unpriced?.of(day) ?? 0;
    return count === 0 ? null : `${countText(count, unpriced!.noun)} of unknown price`;
  };
  const marked = days.filter((day) => besides(day) !== null);
  return {
    type: "bar",
    x: "day",
    y: axis,
    points: everyDay(days).map((day) => ({
      x: day.day,
      values: { [axis]: of(day) },
      errors: {},
      besides: besides(day),
    })),
    numeric: false,
    series: [{ key: axis, name: axis }],
    summary: [
      `${axis} day by day: ${countText(days.length, "day")}, ${mostWords(days, measure, marked.length > 0)}.`,
      ...(marked.length === 0 ? [] : [`Not in it: ${namedDays(marked, besides)}.`]),
    ].join(" "),
    note: marked.length === 0 ? null : `with a ? where ${unpriced!.noun}s of unknown price are not in the bar`,
  };
}

function mostWords(days: readonly CostDay[], { of, text }: DayMeasure, lacksSome: boolean): string {
  const most = days.reduce((best, day) => (of(day) > of(best) ? day : best), days[0]!);
  const where = `on ${most.day} (${text(of(most))})`;
  if (!lacksSome) return `most ${where}`;
  return of(most) === 0 ? "nothing as far as prices are known" : `most as far as prices are known ${where}`;
}

function namedDays(days: readonly CostDay[], besides: (day: CostDay) => string | null): string {
  const named = days.slice(0, mostNamed).map((day) => `${besides(day)} on ${day.day}`);
  const left = days.length - named.length;
  return [...named, ...(left === 0 ? [] : [`more on ${countText(left, "other day")}`])].join(", ");
}
