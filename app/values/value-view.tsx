import { lazy, Suspense, type Component, type JSX } from "solid-js";
import { Dynamic } from "solid-js/web";
import type { Value } from "#server/notebook/value.ts";
import { ErrorView } from "./error-view";
import { TextView } from "./text-view";
import { numberText } from "./value-summary";
import "./values.css";

/** What a view of a value is given. */
export interface ValuePart<Type extends Value["type"]> {
  readonly value: Extract<Value, { readonly type: Type }>;
  /** The text of its address, where more of it can be had; null for a value that has none. */
  readonly address: string | null;
  /** Characters of a text, or rows of a table, that `value` has only a part of. */
  readonly full: number | null;
  /** The path of its cell, for what can be made of it. */
  readonly cell: string | null;
  /** Whether it stands in a narrow place beside others. */
  readonly narrow: boolean;
  /** Whether a text is shown whole, however long. */
  readonly unfolded?: boolean;
}

const JsonValue = lazy(() => import("./json-view").then(({ JsonView }) => ({ default: JsonView })));
const TableValue = lazy(() => import("./table-view").then(({ TableView }) => ({ default: TableView })));
const MessagesValue = lazy(() => import("./messages-view").then(({ MessagesView }) => ({ default: MessagesView })));
const FileValue = lazy(() => import("./file-view").then(({ FileView }) => ({ default: FileView })));
const ScoreValue = lazy(() => import("./score-view").then(({ ScoreView }) => ({ default: ScoreView })));
const TestValue = lazy(() => import("./test-view").then(({ TestView }) => ({ default: TestView })));
const ChartValue = lazy(() => import("../charts/chart-view").then(({ ChartView }) => ({ default: ChartView })));

/** One view a type: a new type of value is a compile error here. */
const views: { readonly [Type in Value["type"]]: Component<ValuePart<Type>> } = {
  null: () => <p class="value-scalar ghost">null</p>,
  string: (props) => (
    <TextView
      text={props.value.value}
      full={props.full}
      address={props.address}
      narrow={props.narrow}
      unfolded={props.unfolded === true}
    />
  ),
  number: (props) => <p class="value-scalar value-number">{numberText(props.value.value)}</p>,
  boolean: (props) => <p class="value-scalar mono">{String(props.value.value)}</p>,
  json: JsonValue,
  table: TableValue,
  messages: MessagesValue,
  file: FileValue,
  image: FileValue,
  chart: ChartValue,
  score: ScoreValue,
  test: TestValue,
  error: (props) => <ErrorView error={props.value.value} cell={props.cell} />,
};

/** A value by its type. The space of what is still being loaded is kept. */
export function ValueView(props: ValuePart<Value["type"]>): JSX.Element {
  return (
    <Suspense fallback={<div style={{ height: `${roomFor(props.value)}px` }} />}>
      <Dynamic component={views[props.value.type] as Component<ValuePart<Value["type"]>>} {...props} />
    </Suspense>
  );
}

/** Pixels a value is likely to take, so that nothing moves when its view comes. */
function roomFor(value: Value): number {
  switch (value.type) {
    case "table":
      return 64 + 28 * Math.min(10.5, value.value.rowCount);
    case "chart":
      return 300;
    case "image":
      return 240;
    case "test":
      return 34 * value.value.lines.length;
    default:
      return 24;
  }
}
