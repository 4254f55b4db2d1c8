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
}

const spent: DayMeasure = {
  name: "spent",
  word: "Spent",
  axis: "US dollars",
  of: ({ cost }) => Number(cost.toPrecision(3)),
  text: dollars,
  kind: null,
};
const called: DayMeasure = {
  name: "calls",
  word: "Calls",
  axis: "calls",
  of: ({ calls }) => calls,
  text: (figure) => countText(figure, "call"),
  kind: null,
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
  },
  {
    name: "free",
    word: "Came free",
    axis: "free answers",
    of: ({ free }) => free,
    text: (figure) => countText(figure, "free answer"),
    kind: "free",
  },
  {
    name: "saved",
    word: "Saved",
    axis: "US dollars saved",
    of: ({ saved }) => Number(saved.toPrecision(3)),
    text: dollars,
    kind: "free",
  },
];

/** What an address asks to be drawn; otherwise what was spent, or the calls where nothing was. */
export function measureOf(name: string | undefined, days: readonly CostDay[]): DayMeasure {
  return dayMeasures.find((measure) => measure.name === name) ?? (days.some(({ cost }) => cost > 0) ? spent : called);
}

/** The picture of days: those between, on which nothing was called, too. */
export function daysChart(
  days: readonly CostDay[],
  { axis, of, text }: DayMeasure,
): Extract<ChartModel, { type: "bar" }> {
  const points = everyDay(days).map((day) => ({ x: day.day, values: { [axis]: of(day) }, errors: {} }));
  const most = days.reduce((best, day) => (of(day) > of(best) ? day : best), days[0]!);
  return {
    type: "bar",
    x: "day",
    y: axis,
    points,
    numeric: false,
    series: [{ key: axis, name: axis }],
    summary: `${axis} day by day: ${countText(days.length, "day")}, most on ${most.day} (${text(of(most))}).`,
    note: null,
  };
}
