import type { Coordinates } from "#server/notebook/address.ts";
import type { PlainTable } from "./plain-value.ts";
import type { ColumnSummary } from "./sheet-summary.ts";
import { tableText } from "./table-text.ts";

const shownRows = 10;
const shownErrors = 3;

/**
 * A sheet for reading: its first rows, with the columns that have axes at the labels of `chosen`, the figures of its columns a line
 * a variant, and the errors of its results. Where there is no room the rows' own columns go first, but for the one that tells them apart.
 */
export function sheetText(
  wide: PlainTable | null,
  columns: { readonly [name: string]: PlainTable },
  chosen: { readonly [column: string]: Coordinates },
  summaries: readonly ColumnSummary[],
  width: number,
): string {
  const parts: string[] = [];
  if (wide !== null) {
    const names = wide.columns.map(({ name }) => name);
    const own = new Set(names.filter((name) => !Object.hasOwn(columns, name)));
    const varied = Object.entries(chosen).map(([name, at]) => ({
      title: `${name} · ${Object.values(at).join(" ")}`,
      values: valuesAt(name, columns[name]!, at),
    }));
    const shown = wide.rows.slice(0, shownRows).map((row, index) => ({
      ...row,
      ...Object.fromEntries(varied.map(({ title, values }) => [title, values[index]])),
    }));
    const more = wide.rowCount - shown.length;
    const text = tableText([...names, ...varied.map(({ title }) => title)], shown, width, own);
    parts.push(more > 0 ? `${text}\n… and ${more.toLocaleString("en")} more` : text);
  }
  if (summaries.length > 0) parts.push(figures(summaries, width));
  const errors = errorsOf(columns);
  if (errors.length > 0) parts.push(errors.join("\n"));
  return parts.join("\n\n");
}

/** A column's values at some labels, from its table of addresses, in the order of the rows. */
function valuesAt(name: string, { rows }: PlainTable, at: Coordinates): readonly unknown[] {
  return rows
    .filter((row) => Object.entries(at).every(([axis, label]) => String(row[axis]) === label))
    .map((row) => {
      if (Object.hasOwn(row, name)) return row[name];
      const { score, pass, reason } = row;
      return score === null && reason === null ? null : { score, pass, reason };
    });
}

function figures(summaries: readonly ColumnSummary[], width: number): string {
  const axes = [...new Set(summaries.flatMap(({ at }) => Object.keys(at)))];
  const rows = summaries.map(({ column, at, n, total, mean, errors, skipped, open }) => ({
    column,
    ...at,
    mean: mean === null ? null : Number(mean.toFixed(4)),
    n,
    of: total,
    failed: errors,
    skipped,
    open,
  }));
  const counts = (["failed", "skipped", "open"] as const).filter((name) => rows.some((row) => row[name] > 0));
  const figures = rows.some(({ mean }) => mean !== null) ? ["mean", "n"] : ["n"];
  return tableText(["column", ...axes, ...figures, "of", ...counts], rows, width);
}

/** The errors there are, each once with how often. */
function errorsOf(columns: { readonly [name: string]: PlainTable }): readonly string[] {
  return Object.entries(columns).flatMap(([name, { rows }]) => {
    const counts = new Map<string, number>();
    for (const { meta } of rows) {
      const { error, outcome } = (meta ?? {}) as { readonly error?: string | null; readonly outcome?: string };
      if (outcome === "error" && error) counts.set(error, (counts.get(error) ?? 0) + 1);
    }
    const lines = [...counts].map(([message, count]) => `${name}: ${message}${count === 1 ? "" : ` (${count} times)`}`);
    const more = lines.length - shownErrors;
    return more > 0 ? [...lines.slice(0, shownErrors), `${name}: … and ${more} other errors`] : lines;
  });
}
