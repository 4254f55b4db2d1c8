import type { Chart, Column } from "#server/notebook/value.ts";

/** What a chart is made of, by the names of columns; an empty one is none. */
export interface ChartChoice {
  readonly kind: Chart["kind"];
  readonly x: string;
  readonly y: string;
  readonly series: string;
}

/** What is likely to be wanted of a table: words or dates across, the last numbers up. */
export function firstChart(columns: readonly Column[]): ChartChoice {
  const numbers = columns.filter(({ type }) => type === "number");
  const others = columns.filter(({ type }) => type !== "number");
  const y = numbers.at(-1)?.name ?? "";
  const date = columns.find(({ type }) => type === "date");
  const across = date ?? others[0] ?? numbers.find(({ name }) => name !== y) ?? columns[0];
  const x = across?.name ?? "";
  if (others.length === 0 && numbers.length === 1) return { kind: "histogram", x: y, y: "", series: "" };
  return {
    kind: date !== undefined ? "line" : others.length === 0 ? "scatter" : "bar",
    x,
    y,
    series: "",
  };
}

/** The text of a chart cell of a table, under a name nobody has. */
export function chartCell(
  { kind, x, y, series }: ChartChoice,
  data: string,
  taken: readonly string[],
): { readonly name: string; readonly text: string } {
  const known = new Set(taken.map((name) => name.toLowerCase()));
  let name = `${data}_chart`;
  for (let number = 2; known.has(name.toLowerCase()); number += 1) name = `${data}_chart_${number}`;
  const lines = [
    `data: ${data}`,
    `type: ${kind}`,
    `x: ${scalar(x)}`,
    ...(kind === "histogram" || y === "" ? [] : [`y: ${scalar(y)}`]),
    ...(series === "" ? [] : [`series: ${scalar(series)}`]),
  ];
  return { name, text: ["```chart " + name, ...lines, "```", ""].join("\n") };
}

/** A column's name as YAML takes it for a text. */
function scalar(text: string): string {
  return /^[A-Za-z_][\w ]*$/.test(text) && !/^(?:true|false|null)$/i.test(text) && text === text.trim()
    ? text
    : JSON.stringify(text);
}
