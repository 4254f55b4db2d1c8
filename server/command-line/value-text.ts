import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import { toJson } from "#server/notebook/to-json.ts";
import { isPlainScore, isPlainTable } from "./plain-value.ts";

/**
 * A plain value on one line: text as it is, numbers with at least `decimals` decimals, a score as `1 ✓` or `0.25 ✗`, a table as
 * `5 rows`, everything else as JSON. Control characters are taken out, so that a value cannot steer the terminal.
 */
export function valueText(value: unknown, decimals = 0): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number") return numberText(value, decimals);
  if (isPlainTable(value)) return rowsText(value.rowCount);
  if (isPlainScore(value)) {
    const { score, pass, reason } = value;
    if (score === null) return `unscored: ${oneLine(reason)}`;
    return `${numberText(score, decimals)}${pass === null ? "" : pass ? " ✓" : " ✗"}`;
  }
  return oneLine(typeof value === "string" ? value : toJson(value));
}

/** A plain value with the lines it has: texts are shown whole. */
export function linesText(value: unknown): string {
  return typeof value === "string" ? stripVTControlCharacters(value).trimEnd() : valueText(value);
}

export function rowsText(count: number): string {
  return `${count.toLocaleString("en")} ${count === 1 ? "row" : "rows"}`;
}

/** The text's start that is `width` columns wide, with `…` where something was cut; never half a character. */
export function cutText(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let shown = "";
  let size = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    size += stringWidth(segment);
    if (size > width - 1) break;
    shown += segment;
  }
  return `${shown}…`;
}

function numberText(value: number, decimals: number): string {
  const rounded = Number(value.toPrecision(6));
  if (Number.isInteger(value) && decimals === 0) return String(value);
  return String(rounded).includes("e") ? String(rounded) : rounded.toFixed(Math.max(decimals, decimalPlaces(rounded)));
}

function decimalPlaces(value: number): number {
  return String(value).split(".")[1]?.length ?? 0;
}

function oneLine(text: string): string {
  return stripVTControlCharacters(text).replace(/\s+/g, " ").trim();
}
