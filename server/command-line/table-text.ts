import stringWidth from "string-width";
import { stripVTControlCharacters } from "node:util";

/** Rows as aligned columns of text, cut to the width; numbers to the right. */
export function tableText(
  columns: readonly string[],
  rows: readonly { readonly [column: string]: unknown }[],
  width: number,
): string {
  const cells = rows.map((row) => columns.map((column) => cellText(row[column])));
  const right = columns.map(
    (column) =>
      rows.length > 0 &&
      rows.every((row) => typeof row[column] === "number" || typeof row[column] === "bigint" || row[column] === null),
  );
  const wanted = columns.map((column, index) =>
    Math.max(stringWidth(column), ...cells.map((row) => stringWidth(row[index]!)), 1),
  );
  const widths = fit(wanted, width);
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, index) => pad(text, widths[index]!, right[index]!))
      .join("  ")
      .trimEnd();
  return [line(columns), widths.map((size) => "─".repeat(size)).join("  "), ...cells.map(line)].join("\n");
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text =
    typeof value === "number"
      ? String(Number.isInteger(value) ? value : Number(value.toPrecision(6)))
      : typeof value === "string"
        ? value
        : json(value);
  return stripVTControlCharacters(text).replace(/\s+/g, " ").trim();
}

function json(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === "bigint" ? part.toString() : part)) ?? "";
}

/** Widths that fit: the widest columns give way first, none below eight. */
function fit(wanted: readonly number[], width: number): readonly number[] {
  const widths = [...wanted];
  const gaps = 2 * (widths.length - 1);
  while (widths.reduce((sum, size) => sum + size, gaps) > width) {
    const widest = widths.indexOf(Math.max(...widths));
    if (widths[widest]! <= 8) return widths;
    widths[widest] = widths[widest]! - 1;
  }
  return widths;
}

function pad(text: string, width: number, right: boolean): string {
  let shown = text;
  if (stringWidth(shown) > width) {
    while (stringWidth(shown) > width - 1) shown = shown.slice(0, -1);
    shown += "…";
  }
  const space = " ".repeat(Math.max(0, width - stringWidth(shown)));
  return right ? space + shown : shown + space;
}
