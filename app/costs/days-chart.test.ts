import { expect, test } from "vitest";
import { plainDay } from "./__fixtures__/plain-day.ts";
import { daysChart, measureOf } from "./days-chart.ts";

const day = (day: string, more = {}) => ({ ...plainDay, day, ...more });

test("what was spent is drawn, and calls where nothing was, unless something else is asked for", () => {
  expect(measureOf(undefined, [day("2026-02-27", { cost: 1 })]).name).toBe("spent");
  expect(measureOf(undefined, [day("2026-02-27")]).name).toBe("calls");
  expect(measureOf("saved", [day("2026-02-27")])).toMatchObject({ name: "saved", kind: "free" });
  expect(measureOf("nothing", [day("2026-02-27")]).name).toBe("calls");
});

test("failures are drawn day by day, and the day with the most is said", () => {
  const days = [day("2026-02-27", { failed: 2 }), day("2026-03-01", { failed: 5 })];
  const chart = daysChart(days, measureOf("failed", days));
  expect(chart.points.map(({ x, values }) => [x, Object.values(values)[0]])).toEqual([
    ["2026-02-27", 2],
    ["2026-02-28", 0],
    ["2026-03-01", 5],
  ]);
  expect(chart.summary).toBe("failed calls day by day: 2 days, most on 2026-03-01 (5 failed calls).");
});

test("a day alone is drawn hour by hour", () => {
  const hours = [day("2026-02-27 09:00", { calls: 2 }), day("2026-02-27 11:00", { calls: 5 })];
  const chart = daysChart(hours, measureOf("calls", hours), "hour");
  expect(chart.points.map(({ x, values }) => [x, Object.values(values)[0]])).toEqual([
    ["09:00", 2],
    ["10:00", 0],
    ["11:00", 5],
  ]);
  expect(chart.x).toBe("hour");
  expect(chart.summary).toBe("calls hour by hour: 2 hours, most at 11:00 (5 calls).");
});

test("days with calls of unknown price are marked and named: their bar says less than the truth", () => {
  const days = [
    day("2026-02-27", { cost: 0.5 }),
    day("2026-02-28", { cost: 0.25, calls: 3, unpriced: 1 }),
    day("2026-03-01", { calls: 100, unpriced: 100, free: 2, freeUnpriced: 2 }),
  ];
  const spent = daysChart(days, measureOf("spent", days));
  expect(spent.points.map(({ besides }) => besides)).toEqual([
    null,
    "1 call of unknown price",
    "100 calls of unknown price",
  ]);
  expect(spent.summary).toBe(
    "US dollars day by day: 3 days, most as far as prices are known on 2026-02-27 ($0.50). Not in it: 1 call of unknown price on 2026-02-28, 100 calls of unknown price on 2026-03-01.",
  );
  expect(spent.note).toBe("with a ? where calls of unknown price are not in the bar");
  const saved = daysChart(days, measureOf("saved", days));
  expect(saved.points.map(({ besides }) => besides)).toEqual([null, null, "2 answers of unknown price"]);
  expect(saved.summary).toBe(
    "US dollars saved day by day: 3 days, nothing as far as prices are known. Not in it: 2 answers of unknown price on 2026-03-01.",
  );
  const calls = daysChart(days, measureOf("calls", days));
  expect(calls.points.every(({ besides }) => besides === null)).toBe(true);
  expect(calls.summary).toBe("calls day by day: 3 days, most on 2026-03-01 (100 calls).");
  expect(calls.note).toBeNull();
});

test("of many days with calls of unknown price the first are named, and the rest is counted", () => {
  const days = Array.from({ length: 9 }, (_, index) => day(`2026-03-0${index + 1}`, { unpriced: 1 }));
  expect(daysChart(days, measureOf("spent", days)).summary).toMatch(/2026-03-07, more on 2 other days\.$/);
});

test("tokens in and out stand upon each other, and how long answers took is drawn for the days that have some", () => {
  const days = [
    day("2026-02-27", { input: 900, output: 100, latency: { median: 800, p95: 2_000, p99: 3_000 } }),
    day("2026-03-01", { input: 100, output: 50 }),
  ];
  const tokens = daysChart(days, measureOf("tokens", days));
  expect(tokens).toMatchObject({ isStacked: true, series: [{ name: "in" }, { name: "out" }] });
  expect(tokens.points.map(({ values }) => values)).toEqual([
    { in: 900, out: 100 },
    { in: 0, out: 0 },
    { in: 100, out: 50 },
  ]);
  expect(tokens.summary).toBe("tokens day by day: 2 days, most on 2026-02-27 (1,000 tokens).");
  const latency = daysChart(days, measureOf("latency", days));
  expect(latency.points.map(({ values }) => values)).toEqual([{ median: 0.8, "95 %": 2 }, {}, {}]);
  expect(latency).toMatchObject({ isStacked: false, series: [{ name: "median" }, { name: "95 %" }] });
  expect(latency.summary).toMatch(/^seconds day by day: 2 days, most on 2026-02-27 \(95 % within 2/);
});
