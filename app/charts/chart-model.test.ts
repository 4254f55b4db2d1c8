import { describe, expect, test } from "vitest";
import type { Chart, Datum } from "#server/notebook/value.ts";
import { chartModel } from "./chart-model.ts";

function chart(columns: string, more: Partial<Chart>, rowCount = 0): Chart {
  return {
    kind: "bar",
    table: {
      columns: columns.split(" ").map((name) => ({ name, type: "number", sql: "DOUBLE" })),
      rowCount,
      hash: "h",
    },
    x: "shots",
    y: ["accuracy"],
    ...more,
  };
}

const rows: readonly (readonly Datum[])[] = [
  [0, "small", 0, 0, 0.02],
  [5, "small", 0.95, 0.91, 0.97],
  [5, "large", 0.97, 0.94, 0.99],
];
const columns = "shots model accuracy low high";

describe("a bar chart", () => {
  const model = chartModel(chart(columns, { series: "model" }), rows);

  test("has a place for each value across, and a figure for each series there", () => {
    expect(model).toMatchObject({
      type: "bar",
      series: [{ name: "small" }, { name: "large" }],
      points: [
        { x: 0, values: { small: 0 } },
        { x: 5, values: { small: 0.95, large: 0.97 } },
      ],
    });
  });

  test("has error bars where the table has columns low and high around the figure", () => {
    const [, last] = (model as Extract<typeof model, { type: "bar" }>).points;
    expect(last!.errors["small"]![0]).toBeCloseTo(0.04);
    expect(last!.errors["small"]![1]).toBeCloseTo(0.02);
  });

  test("says in a sentence what is to be seen", () => {
    expect(model).toMatchObject({
      summary:
        "Bar chart of accuracy by shots, 2 series by model: 3 figures from 0 at shots 0 (small) to 0.97 at shots 5 (large).",
    });
  });

  test("shows the mean where several rows have one place, without an interval, and says so", () => {
    const same = chartModel(chart("shots accuracy low high", {}), [
      [1, 0.2, 0.1, 0.3],
      [1, 0.4, 0.3, 0.5],
    ]);
    expect(same).toMatchObject({ note: "means where several rows have one place" });
    const [point] = (same as Extract<typeof same, { type: "bar" }>).points;
    expect(point!.values[""]).toBeCloseTo(0.3);
    expect(point!.errors).toEqual({});
  });

  test("counts rows where nothing goes up", () => {
    expect(chartModel(chart("topic", { x: "topic", y: [] }), [["a"], ["b"], ["a"]])).toMatchObject({
      y: "rows",
      points: [
        { x: "a", values: { "": 2 } },
        { x: "b", values: { "": 1 } },
      ],
    });
  });

  test("tells of rows that are not drawn", () => {
    expect(chartModel(chart(columns, {}, 9000), rows)).toMatchObject({
      note: "the first 3 of 9,000 rows; means where several rows have one place",
    });
  });
});

test("a line chart goes from left to right", () => {
  const model = chartModel(chart("shots accuracy", { kind: "line" }), [
    [10, 1],
    [2, 0],
  ]);
  expect(model).toMatchObject({ numeric: true, points: [{ x: 2 }, { x: 10 }] });
});

test("a scatter plot keeps every point, and needs numbers across", () => {
  const points = chartModel(chart("shots accuracy", { kind: "scatter" }), [
    [1, 2],
    [1, 2],
  ]);
  expect(points).toMatchObject({ type: "scatter", points: [{ x: 1 }, { x: 1 }] });
  expect(chartModel(chart("shots accuracy", { kind: "scatter" }), [["a", 2]])).toMatchObject({ type: "empty" });
});

describe("a histogram", () => {
  test("counts each value once, in bins of a round width", () => {
    const values = Array.from({ length: 101 }, (_, index) => [index / 100]);
    const model = chartModel(chart("score", { kind: "histogram", x: "score", y: [] }), values);
    const { bins } = model as Extract<typeof model, { type: "histogram" }>;
    expect(bins.reduce((sum, { total }) => sum + total, 0)).toBe(101);
    expect(bins[0]).toMatchObject({ from: 0, to: 0.1 });
    expect(bins.at(-1)).toMatchObject({ to: 1, total: 11 });
  });

  test("of one value is one bin", () => {
    const model = chartModel(chart("score", { kind: "histogram", x: "score", y: [] }), [[3], [3]]);
    expect(model).toMatchObject({ bins: [{ from: 3, to: 4, total: 2 }] });
  });
});

describe("nothing to draw", () => {
  test.each([
    ["no rows", chart(columns, {}), []],
    ["a column that went away", chart("shots", {}), rows],
    ["no numbers", chart("shots accuracy", {}), [[1, "x"]]],
  ])("%s", (_what, wanted, found) => {
    expect(chartModel(wanted, found)).toMatchObject({ type: "empty", reason: expect.stringMatching(/\.$/) });
  });
});
