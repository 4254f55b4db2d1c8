import { isMapping } from "#server/notebook/is-mapping.ts";
import type { ChosenColumn } from "./chosen-columns.ts";
import { isPlainScore, isPlainTable, type PlainTable } from "./plain-value.ts";
import type { ColumnError } from "./sheet-errors.ts";
import type { ColumnSummary } from "./sheet-summary.ts";
import { tableText } from "./table-text.ts";

const shownRows = 10;
const shownErrors = 3;

/**
 * A sheet for reading: its first rows, with the columns that have axes at the labels of `chosen` and objects by their fields, the
 * figures of its columns a line a variant, and the errors of its results. Where there is no room the rows' own columns go first, but for the one that tells them apart.
 */
export function sheetText(
  wide: PlainTable | null,
  columns: { readonly [name: string]: PlainTable },
  chosen: readonly ChosenColumn[],
  summaries: readonly ColumnSummary[],
  errors: readonly ColumnError[],
  width: number,
): string {
  const parts: string[] = [];
  if (wide !== null) {
    const names = wide.columns.map(({ name }) => name);
    const plain = names.map((name) => ({ name, labels: "", values: wide.rows.map((row) => row[name] ?? null) }));
    const own = new Set(names.filter((name) => !Object.hasOwn(columns, name)));
    const shown = [...plain, ...chosen].flatMap((column) =>
      own.has(column.name) && column.labels === "" ? [titled(column)] : byFields(column),
    );
    const rows = wide.rows
      .slice(0, shownRows)
      .map((_, index) => Object.fromEntries(shown.map(({ title, values }) => [title, values[index]])));
    const more = wide.rowCount - rows.length;
    const text = tableText(
      shown.map(({ title }) => title),
      rows,
      width,
      own,
    );
    parts.push(more > 0 ? `${text}\n… and ${more.toLocaleString("en")} more` : text);
  }
  if (summaries.length > 0) parts.push(figures(summaries, width));
  if (errors.length > 0) parts.push(errorLines(errors).join("\n"));
  return parts.join("\n\n");
}

interface TitledColumn {
  readonly title: string;
  readonly values: readonly unknown[];
}

function titled({ name, labels, values }: ChosenColumn): TitledColumn {
  return { title: labels === "" ? name : `${name} · ${labels}`, values };
}

/** A column of objects as a column a field, `fields.total`; any other as it is. */
function byFields({ name, labels, values }: ChosenColumn): readonly TitledColumn[] {
  const objects = values.filter((value) => value !== null);
  if (objects.length === 0 || !objects.every(isObject)) return [titled({ name, labels, values })];
  return [...new Set(objects.flatMap((object) => Object.keys(object)))].map((field) =>
    titled({
      name: `${name}.${field}`,
      labels,
      values: values.map((value) => (value as { readonly [field: string]: unknown } | null)?.[field] ?? null),
    }),
  );
}

function isObject(value: unknown): value is object {
  return isMapping(value) && !isPlainScore(value) && !isPlainTable(value);
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

/** The errors there are, each once with how often; of a column the first few. */
function errorLines(errors: readonly ColumnError[]): readonly string[] {
  return [...Map.groupBy(errors, ({ column }) => column)].flatMap(([name, own]) => {
    const lines = own.map(
      ({ message, count }) => `${name}: ${message}${count === 1 ? "" : ` (${number(count)} times)`}`,
    );
    const more = lines.length - shownErrors;
    return more > 0 ? [...lines.slice(0, shownErrors), `${name}: … and ${number(more)} other errors`] : lines;
  });
}

function number(count: number): string {
  return count.toLocaleString("en");
}
