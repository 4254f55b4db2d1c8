import stringWidth from "string-width";
import { someNames } from "#server/notebook/some-names.ts";
import { cutText, valueText } from "./value-text.ts";
import { isPlainScore } from "./plain-value.ts";

interface TableColumn {
  readonly name: string;
  readonly texts: readonly string[];
  readonly right: boolean;
  /** The width at which nothing is cut. */
  readonly wanted: number;
  /** The width below which the column is left out instead. */
  readonly least: number;
}

/**
 * Rows as aligned columns of text that fit `width`: the widest columns are cut first, and where even that is not enough whole
 * columns are left out and named, at most twelve of them, those in `dispensable` first, from the right; the first column stays. Numbers stand to the right, point below point.
 */
export function tableText(
  names: readonly string[],
  rows: readonly { readonly [column: string]: unknown }[],
  width: number,
  dispensable: ReadonlySet<string> = new Set(),
): string {
  const all = names.map((name) =>
    columnOf(
      name,
      rows.map((row) => row[name]),
    ),
  );
  const shown = fitting(all, width, dispensable);
  const widths = fitted(shown, width);
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, index) => pad(text, widths[index]!, shown[index]!.right))
      .join("  ")
      .trimEnd();
  const left = all.filter((column) => !shown.includes(column)).map(({ name }) => name);
  return [
    line(shown.map(({ name }) => name)),
    widths.map((size) => "─".repeat(size)).join("  "),
    ...rows.map((_, row) => line(shown.map(({ texts }) => texts[row]!))),
    ...(left.length === 0 ? [] : [`not shown for want of width: ${someNames(left)}`]),
  ].join("\n");
}

/** Whether the table fits without cutting anything. */
export function fitsWhole(
  names: readonly string[],
  rows: readonly { readonly [column: string]: unknown }[],
  width: number,
): boolean {
  const columns = names.map((name) =>
    columnOf(
      name,
      rows.map((row) => row[name]),
    ),
  );
  return sum(columns.map(({ wanted }) => wanted)) <= width;
}

function columnOf(name: string, values: readonly unknown[]): TableColumn {
  const given = values.filter((value) => value !== null && value !== undefined);
  const isNumber = given.length > 0 && given.every((value) => typeof value === "number" || typeof value === "bigint");
  const isScore = given.length > 0 && given.every(isPlainScore);
  const numbers = given
    .map((value) => (isPlainScore(value) ? value.score : value))
    .filter((one) => typeof one === "number");
  const decimals = isNumber || isScore ? Math.max(0, ...numbers.map(decimalsOf)) : 0;
  const texts = values.map((value) => (value === null || value === undefined ? "" : valueText(value, decimals)));
  const wanted = Math.max(stringWidth(name), ...texts.map((text) => stringWidth(text)), 1);
  const least = Math.min(wanted, Math.max(8, Math.min(stringWidth(name), 16)));
  return { name, texts, right: isNumber || isScore, wanted, least: isNumber || isScore ? wanted : least };
}

/** Decimals a number is shown with: as many as it has, of six significant digits. */
function decimalsOf(value: number): number {
  const text = String(Number(value.toPrecision(6)));
  return text.includes("e") ? 0 : (text.split(".")[1]?.length ?? 0);
}

function fitting(all: readonly TableColumn[], width: number, dispensable: ReadonlySet<string>): readonly TableColumn[] {
  const shown = [...all];
  while (shown.length > 1 && sum(shown.map(({ least }) => least)) > width) {
    // The first column says which row it is.
    const at = shown.findLastIndex(({ name }, index) => index > 0 && dispensable.has(name));
    shown.splice(at < 0 ? shown.length - 1 : at, 1);
  }
  return shown;
}

/** Widths that fit: the widest columns give way first. */
function fitted(columns: readonly TableColumn[], width: number): readonly number[] {
  const widths = columns.map(({ wanted }) => wanted);
  for (let over = sum(widths) - width; over > 0; over -= 1) {
    let widest = -1;
    for (const [index, size] of widths.entries())
      if (size > columns[index]!.least && (widest < 0 || size > widths[widest]!)) widest = index;
    if (widest < 0) break;
    widths[widest]! -= 1;
  }
  return widths;
}

/** The width of columns with two spaces between them. */
function sum(widths: readonly number[]): number {
  return widths.reduce((total, size) => total + size, 2 * (widths.length - 1));
}

function pad(text: string, width: number, right: boolean): string {
  const shown = cutText(text, width);
  const space = " ".repeat(Math.max(0, width - stringWidth(shown)));
  return right ? space + shown : shown + space;
}
