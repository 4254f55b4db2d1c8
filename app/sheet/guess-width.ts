import type { ColumnSlot } from "./column-slots";
import type { GridColumn } from "./columns";

/** Pixels a character takes in a cell, about, and those around a text. */
const character = 7;
const around = 24;
const least = 84;
const most = 340;
/** Pixels of a computed column, whose texts are not known beforehand. */
const kinds: { readonly [kind: string]: number } = { score: 96, label: 128, formula: 110, test: 110 };
const computed = 168;

/** A width at which a column's name and most of its texts can be read. */
export function guessWidth(column: GridColumn, texts: readonly string[]): number {
  const name =
    column.type === "row" ? `${column.name} ${column.word}` : column.label || `${column.cell} ${column.kind}`;
  const head = name.length * character + 46;
  if (column.type === "cell") return Math.min(most, Math.max(kinds[column.kind] ?? computed, head));
  const lengths = texts.map(({ length }) => length).sort((left, right) => left - right);
  const usual = lengths[Math.floor(lengths.length * 0.9)] ?? 0;
  return Math.round(Math.min(most, Math.max(least, head, usual * character + around)));
}

/** Characters shown of the labels in front of a line. */
const mostOfLabel = 16;

/** Pixels that the labels in front of a slot's lines take. */
export function labelRoom({ lines }: ColumnSlot): number {
  return Math.min(mostOfLabel, Math.max(...lines.map(({ label }) => label.length))) * character;
}
