import type { Datum, Value } from "#server/notebook/value.ts";
import type { EditorHost } from "../editor-host";
import { shownResult, type NamedThing } from "./page-names";

/** What is told of a name: what it is, and its value as text or as the first rows of a table. */
export interface Described {
  readonly title: string;
  readonly note?: string;
  readonly lines?: readonly string[];
  readonly table?: { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] };
}

const mostLines = 10;
const mostRows = 5;
const mostColumns = 6;

/** Tells what a thing of the notebook is, with its value as it is now. */
export async function describeThing(thing: NamedThing, host: EditorHost): Promise<Described> {
  if (thing.type === "input") {
    const input = host.view().head.head.inputs.find(({ name }) => name === thing.name);
    const title = `input ${thing.name}`;
    if (input === undefined) return { title };
    if (input.value === undefined) return { title, note: `${input.type}, without a value` };
    return { title, note: input.type, lines: firstLines(datumText(input.value)) };
  }
  const title = `${thing.kind} ${thing.name}`;
  const result = shownResult(host.view(), thing.node);
  if (result === undefined) return { title, note: thing.name.includes(".") ? "the results of a column" : "" };
  const labels = Object.entries(result.at).map(([axis, label]) => `${axis} ${label}`);
  const state = result.freshness.state === "current" ? [] : [result.freshness.state];
  const value = result.value;
  const note = [...labels, ...state, ...(value?.type === "table" ? [tableNote(value)] : [])].join(" · ");
  if (result.error !== null) return { title, note, lines: firstLines(result.error.message) };
  if (value === null) return { title, note: note === "never" ? "not run yet" : note };
  if (value.type !== "table") return { title, note, lines: firstLines(valueText(value)) };
  const rows = value.value.rows?.slice(0, mostRows) ?? (await host.firstRows(result.address, mostRows));
  const columns = value.value.columns.slice(0, mostColumns).map(({ name }) => name);
  return {
    title,
    note,
    table: { columns, rows: rows.map((row) => columns.map((_, index) => oneLine(datumText(row[index] ?? null)))) },
  };
}

function tableNote({ value: { rowCount, columns } }: Extract<Value, { readonly type: "table" }>): string {
  return `${rowCount.toLocaleString("en")} rows, ${columns.length} columns`;
}

/** A value as a person reads it, in a line or several. */
export function valueText(value: Value): string {
  switch (value.type) {
    case "null":
      return "nothing";
    case "string":
      return value.value;
    case "number":
    case "boolean":
      return String(value.value);
    case "json":
      return datumText(value.value);
    case "messages":
      return value.value.map(({ role, content }) => `${role}: ${content}`).join("\n");
    case "table":
      return tableNote(value);
    case "file":
    case "image":
      return value.value.name;
    case "chart":
      return `a chart of ${value.value.x} and ${value.value.y.join(", ")}`;
    case "score":
      return `${value.value.score ?? "no score"}: ${value.value.reason}`;
    case "test":
      return value.value.lines.map(({ source, verdict }) => `${verdict}  ${source}`).join("\n");
    case "error":
      return value.value.message;
  }
}

function datumText(datum: Datum): string {
  if (datum === null) return "";
  return typeof datum === "object" ? JSON.stringify(datum, null, 2) : String(datum);
}

/** The first lines of a text, each cut to what can be read at a glance. */
export function firstLines(text: string): readonly string[] {
  const lines = text.split("\n", mostLines + 1);
  const shown = lines.slice(0, mostLines).map((line) => (line.length > 160 ? `${line.slice(0, 160)}…` : line));
  return lines.length > mostLines ? [...shown, "…"] : shown;
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
