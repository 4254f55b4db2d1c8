import { expect, test } from "vitest";
import { daysChart, measureOf } from "./days-chart.ts";

const day = (day: string, more = {}) => ({ day, cost: 0, calls: 1, failed: 0, free: 0, saved: 0, ...more });

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
