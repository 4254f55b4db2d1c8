import { createElement, type ReactElement } from "react";
import {
  Bar,
  BarChart,
  CartesianGrid,
  ErrorBar,
  Line,
  LineChart,
  ReferenceDot,
  Scatter,
  ScatterChart,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { numberText } from "../values/value-summary";
import type { ChartModel, Point } from "./chart-model";

type Drawn = Exclude<ChartModel, { readonly type: "empty" }>;

export interface ChartDrawingProps {
  readonly model: Drawn;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Told of the bar that is clicked, by where it stands. */
  readonly onPoint?: (x: string | number) => void;
}

/** The colour of the n-th series, light and dark. */
export function seriesColour(index: number): string {
  return `var(--series-${(index % 8) + 1})`;
}

/** What is told apart by colour is by a line's dashes or a point's shape too. */
const dashes = ["", "6 3", "2 3", "8 3 2 3", "4 4", "1 3", "10 4", "6 2 2 2"];
const shapes = ["circle", "square", "triangle", "diamond", "cross", "star", "wye", "circle"] as const;

/** Recharts draws by React, whose elements are made here without JSX: that is Solid's in this app. */
export function ChartDrawing({ model, width, height, onPoint }: ChartDrawingProps): ReactElement {
  const hasMarks = model.type === "bar" && model.points.some(({ besides }) => besides != null);
  const margin = { top: hasMarks ? 20 : 12, right: 16, bottom: 4, left: 8 };
  const size = { width, height, margin, accessibilityLayer: false };
  switch (model.type) {
    case "bar":
      return createElement(BarChart, {
        ...size,
        data: rowsOf(model.points),
        barGap: 2,
        // Anywhere over a bar: one of a small figure would be too low to hit.
        ...(onPoint === undefined
          ? {}
          : {
              // Where the pointer is, is known a frame after it is there: a tap would be told of no bar.
              throttledEvents: "all",
              style: { cursor: "pointer" },
              onClick: ({ activeLabel }: { readonly activeLabel?: string | number | undefined }) => {
                if (activeLabel !== undefined) onPoint(activeLabel);
              },
            }),
        children: [...frame(model), ...bars(model), ...marks(model)],
      });
    case "line":
      return createElement(LineChart, {
        ...size,
        data: rowsOf(model.points),
        children: [...frame(model), ...lines(model)],
      });
    case "scatter":
      return createElement(ScatterChart, { ...size, children: [...frame(model), ...scatters(model)] });
    case "histogram":
      return createElement(BarChart, {
        ...size,
        barCategoryGap: 1,
        data: model.bins.map(({ from, to, counts }) => ({
          x: `${numberText(from)} – ${numberText(to)}`,
          from,
          ...counts,
        })),
        children: [...frame(model), ...stacks(model)],
      });
  }
}

const text = { fill: "var(--ink-2)", fontSize: 11 };

function frame(model: Drawn): readonly ReactElement[] {
  const isNumber = model.type === "scatter" || (model.type === "line" && model.numeric);
  return [
    createElement(CartesianGrid, { key: "grid", vertical: model.type === "scatter", stroke: "var(--line)" }),
    createElement(XAxis, {
      key: "x",
      dataKey: model.type === "histogram" ? "from" : "x",
      type: isNumber ? "number" : "category",
      ...(isNumber ? { domain: ["auto", "auto"] } : {}),
      tick: text,
      tickLine: false,
      axisLine: { stroke: "var(--line-strong)" },
      tickFormatter: label,
      minTickGap: 12,
      height: 34,
      label: { value: model.x, position: "insideBottom", offset: -2, ...text },
    }),
    createElement(YAxis, {
      key: "y",
      tick: text,
      tickLine: false,
      axisLine: false,
      // As wide as its longest figure and its name need.
      width: "auto",
      tickFormatter: label,
      ...(model.type === "scatter" ? { dataKey: "y", type: "number", domain: ["auto", "auto"] } : {}),
      label: { value: model.y, angle: -90, position: "insideLeft", style: { textAnchor: "middle" }, ...text },
    }),
    createElement(Tooltip, {
      key: "tip",
      isAnimationActive: false,
      cursor: { fill: "var(--hover)", stroke: "var(--line-strong)", fillOpacity: 0.6 },
      contentStyle: {
        background: "var(--raised)",
        border: "1px solid var(--line-strong)",
        borderRadius: 6,
        color: "var(--ink)",
        fontSize: 12,
        padding: "4px 8px",
      },
      itemStyle: { color: "var(--ink)", padding: 0 },
      labelFormatter: (value: unknown) => `${model.x} ${label(value)}`,
      formatter: (value: unknown, name: unknown, { payload }: { readonly payload?: Pick<Point, "besides"> }) =>
        [payload?.besides == null ? label(value) : `${label(value)} + ${payload.besides}`, String(name)] as never,
    }),
  ];
}

function bars({ series, isStacked = false }: Extract<Drawn, { type: "bar" }>): readonly ReactElement[] {
  return series.map(({ key, name }, index) =>
    createElement(Bar, {
      key,
      dataKey: `value ${key}`,
      name,
      fill: seriesColour(index),
      maxBarSize: 48,
      ...(isStacked ? { stackId: "all" } : { radius: [2, 2, 0, 0] }),
      isAnimationActive: false,
      children: errorBar(key),
    }),
  );
}

/** A question mark above each bar that does not have all. */
function marks({ points }: Extract<Drawn, { type: "bar" }>): readonly ReactElement[] {
  return points.flatMap(({ x, values, besides }) =>
    besides == null
      ? []
      : [
          createElement(ReferenceDot, {
            key: `mark ${x}`,
            x,
            y: Math.max(...Object.values(values)),
            r: 0,
            label: { value: "?", position: "top", offset: 3, fill: "var(--stale)", fontSize: 13, fontWeight: 600 },
          }),
        ],
  );
}

function lines({ series }: Extract<Drawn, { type: "line" }>): readonly ReactElement[] {
  return series.map(({ key, name }, index) =>
    createElement(Line, {
      key,
      dataKey: `value ${key}`,
      name,
      type: "linear",
      stroke: seriesColour(index),
      strokeWidth: 2,
      strokeDasharray: dashes[index % dashes.length]!,
      dot: { r: 2.5, fill: seriesColour(index), strokeDasharray: "" },
      connectNulls: true,
      isAnimationActive: false,
      children: errorBar(key),
    }),
  );
}

function scatters({ series, points }: Extract<Drawn, { type: "scatter" }>): readonly ReactElement[] {
  return series.map(({ key, name }, index) =>
    createElement(Scatter, {
      key,
      name,
      fill: seriesColour(index),
      fillOpacity: 0.75,
      shape: shapes[index % shapes.length]!,
      data: points.flatMap(({ x, values, errors }) =>
        values[key] === undefined ? [] : [{ x, y: values[key], [`error ${key}`]: errors[key] }],
      ),
      isAnimationActive: false,
      children: errorBar(key),
    }),
  );
}

function stacks({ series }: Extract<Drawn, { type: "histogram" }>): readonly ReactElement[] {
  return series.map(({ key, name }, index) =>
    createElement(Bar, {
      key,
      dataKey: key,
      name,
      stackId: "all",
      fill: seriesColour(index),
      isAnimationActive: false,
    }),
  );
}

function errorBar(key: string): ReactElement {
  return createElement(ErrorBar, {
    key: "error",
    dataKey: `error ${key}`,
    direction: "y",
    width: 4,
    stroke: "var(--ink)",
    strokeWidth: 1,
    isAnimationActive: false,
  } as never);
}

/** Points as Recharts reads them: one object each, figures under the names of their series. */
function rowsOf(points: readonly Point[]): { readonly [name: string]: unknown }[] {
  return points.map(({ x, values, errors, besides }) => ({
    x,
    besides,
    ...Object.fromEntries(Object.entries(values).map(([key, value]) => [`value ${key}`, value])),
    ...Object.fromEntries(Object.entries(errors).map(([key, value]) => [`error ${key}`, value])),
  }));
}

/** A tick's or a figure's text, at most eighteen characters. */
function label(value: unknown): string {
  if (typeof value === "number")
    return Math.abs(value) >= 10_000
      ? value.toLocaleString("en", { notation: "compact", maximumSignificantDigits: 3 })
      : numberText(Number(value.toPrecision(4)));
  const words = String(value);
  return words.length > 18 ? `${words.slice(0, 17)}…` : words;
}
