import type { Column, Datum } from "#server/notebook/value.ts";
import { datumText } from "./value-summary.ts";

/** Rows as tab-separated text, as spreadsheets take it: a cell with a tab, a line end or a quote is quoted. */
export function tableTsv(columns: readonly Pick<Column, "name">[], rows: readonly (readonly Datum[])[]): string {
  const lines = [
    columns.map(({ name }) => cell(name)),
    ...rows.map((row) => row.map((datum) => cell(exactText(datum)))),
  ];
  return lines.map((line) => line.join("\t")).join("\n");
}

/** A datum with all its digits, as it is copied and read. */
export function exactText(datum: Datum | undefined): string {
  return typeof datum === "number" ? String(datum) : datumText(datum);
}

function cell(text: string): string {
  return /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const characterWidth = 7.2;
const padding = 22;
const narrowest = 56;
const widest = 320;

/** Widths in pixels for a table's columns, from their names, types and some of their rows: they stay while other rows come. */
export function columnWidths(columns: readonly Column[], rows: readonly (readonly Datum[])[]): readonly number[] {
  return columns.map(({ name, type }, index) => {
    const longest = rows
      .slice(0, 50)
      .reduce((most, row) => Math.max(most, datumText(row[index]).slice(0, 80).length), 0);
    const characters = Math.max(longest, name.length + type.length + 2);
    return Math.round(Math.min(widest, Math.max(narrowest, characters * characterWidth + padding)));
  });
}

/** Whether columns leave no room at their right: those whose texts may not fit share it. */
export function fillsRow(widths: readonly number[]): boolean {
  return widths.includes(widest);
}

/** The tracks of a row's columns; an empty one comes last where they do not fill it. */
export function columnTracks(widths: readonly number[]): string {
  const tracks = widths.map((width) => (width === widest ? `minmax(${width}px, 1fr)` : `${width}px`));
  return [...tracks, ...(fillsRow(widths) ? [] : ["minmax(0, 1fr)"])].join(" ");
}

/** Whether a column's values stand at the right. */
export function isNumeric({ type }: Pick<Column, "type">): boolean {
  return type === "number";
}
