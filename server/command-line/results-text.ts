import type { Coordinates } from "#server/notebook/address.ts";
import type { CellError, TestLine } from "#server/notebook/value.ts";
import type { Session } from "#server/runner/session.ts";
import type { ChosenColumn } from "./chosen-columns.ts";
import { isPlainTable, type PlainTable } from "./plain-value.ts";
import type { PlainCell, PlainColumn, PlainResult } from "./results-json.ts";
import { errorText } from "./show-error.ts";
import { firstLine } from "./show-run.ts";
import { sheetText } from "./sheet-text.ts";
import type { ColumnError } from "./sheet-errors.ts";
import type { ColumnSummary } from "./sheet-summary.ts";
import { fitsWhole, tableText } from "./table-text.ts";
import { linesText, rowsText } from "./value-text.ts";

/** What is shown of a table and of a text; `--json` gives more. */
const shownRows = 10;
const shownLines = 40;

interface TestValue {
  readonly lines: readonly TestLine[];
}

/** What the results for reading are made of. */
export interface Readable {
  readonly session: Session;
  readonly cells: { readonly [name: string]: PlainCell };
  readonly summaries: { readonly [sheet: string]: readonly ColumnSummary[] };
  readonly errors: { readonly [sheet: string]: readonly ColumnError[] };
  readonly chosen: { readonly [sheet: string]: readonly ChosenColumn[] };
  /** The notebook's file as it was named, for the places of errors. */
  readonly file: string;
  /** Columns of the terminal. */
  readonly width: number;
  /** The one cell that was asked for; undefined for all. */
  readonly cell: string | undefined;
}

/** The results for reading: outputs first, then the other cells in the order of the file. */
export function resultsText(readable: Readable): string {
  const { session, cells, cell } = readable;
  if (cell !== undefined) {
    const [name = "", column] = cell.split(".");
    const table = column === undefined ? undefined : cells[name]?.cells?.[column];
    return `${table === undefined ? cellBlock(name, readable) : columnBlock(name, column!, table, readable)}\n`;
  }
  const outputs = outputNames(session).filter((name) => cells[name]!.outcome === "ok");
  const blocks = outputs.length === 0 ? [] : [outputs.map((name) => outputText(name, cells[name]!)).join("\n")];
  const order = Object.keys(cells).toSorted((left, right) => place(left) - place(right));
  for (const name of order) {
    const { variants, value } = cells[name]!;
    if (!outputs.includes(name) || variants !== undefined || isPlainTable(value))
      blocks.push(cellBlock(name, readable));
  }
  return `${blocks.join("\n\n")}\n`;

  function place(name: string): number {
    return session.state.graph.nodes.get(name)!.wordings[0]!.span.start;
  }
}

export function outputNames(session: Session): readonly string[] {
  const { front, nodes } = session.state.graph;
  return front.outputs.filter((name) => nodes.has(name));
}

function outputText(name: string, cell: PlainCell): string {
  const text = linesText(cell.value);
  const title = [name, stateText(cell)].filter((part) => part !== "").join(" · ");
  return text.includes("\n") ? `${title}:\n${indented(clipped(text))}` : `${title}: ${text}`;
}

function cellBlock(name: string, readable: Readable): string {
  const { session, cells, width, file } = readable;
  const cell = cells[name]!;
  const { kind } = session.state.graph.nodes.get(name)!.wordings[0]!;
  const rows = isPlainTable(cell.value) ? rowsText(cell.value.rowCount) : "";
  const heading = `── ${[`${kind} ${name}`, rows, stateText(cell)].filter((part) => part !== "").join(" · ")}`;
  const body = cellText(name, kind, cell, readable, width, file);
  return body === "" ? heading : `${heading}\n${body}`;
}

/** One column of a sheet: its first results, a line an address, and their figures. */
function columnBlock(
  sheet: string,
  column: string,
  table: PlainColumn,
  { summaries, errors, width, file }: Readable,
): string {
  if (table.error !== undefined) return `── ${sheet}.${column} · blocked\n${errorText(table.error, file).trimEnd()}`;
  const rows = table.rows.filter(({ meta }) => (meta as { readonly outcome: string | null }).outcome !== null);
  const columns = table.columns.filter(({ name }) => name !== "meta");
  const shown = plainTableText({ columns, rows, rowCount: table.rowCount - table.rows.length + rows.length }, width);
  const own = (summaries[sheet] ?? []).filter((summary) => summary.column === column);
  const wrong = (errors[sheet] ?? []).filter((error) => error.column === column);
  const figures = sheetText(null, { [column]: table }, [], own, wrong, width);
  return `── ${sheet}.${column}\n${[shown, figures].filter((part) => part !== "").join("\n\n")}`;
}

function cellText(
  name: string,
  kind: string,
  cell: PlainCell,
  readable: Readable,
  width: number,
  file: string,
): string {
  if (cell.cells !== undefined) {
    const wide = isPlainTable(cell.value) ? cell.value : null;
    const failure = cell.error === undefined ? blockedText(cell.cells, file) : errorText(cell.error, file).trimEnd();
    const { chosen, summaries, errors } = readable;
    const text = sheetText(wide, cell.cells, chosen[name] ?? [], summaries[name] ?? [], errors[name] ?? [], width);
    return [failure, text].filter((part) => part !== "").join("\n");
  }
  if (cell.variants !== undefined) return variantsText(name, kind, cell.variants, readable);
  if (cell.outcome === "waiting") return firstLine(cell.error?.message ?? "");
  if (cell.partial !== undefined) return clipped(partialText(cell, file));
  if (cell.outcome !== "ok") {
    const error = withPlace(cell, readable.session);
    return error === undefined ? "" : errorText(error, file).trimEnd();
  }
  if (isPlainTable(cell.value)) return plainTableText(cell.value, width);
  if (kind === "test") return testText(cell.value as TestValue);
  if (kind === "chart") return plainTableText((cell.value as { readonly table: PlainTable }).table, width);
  return clipped(linesText(cell.value));
}

/** The columns of a sheet that cannot be computed at all, each with its mistake. */
function blockedText(columns: { readonly [name: string]: PlainColumn }, file: string): string {
  return Object.entries(columns)
    .flatMap(([name, { error }]) => (error === undefined ? [] : errorText(error, file, `${name} is blocked`)))
    .join("")
    .trimEnd();
}

/** A result's error; where it is blocked, with the place of the cell that is the cause. */
function withPlace({ error, because = [] }: PlainResult, { state }: Session): CellError | undefined {
  const [cause] = because;
  const position = cause === undefined ? undefined : state.graph.nodes.get(cause)?.wordings[0]!.position;
  return error === undefined || error.position !== undefined || position === undefined ? error : { ...error, position };
}

/** A line a variant where all fits on lines, a block a variant otherwise: answers are there to be compared, not to be cut. */
function variantsText(
  name: string,
  kind: string,
  variants: NonNullable<PlainCell["variants"]>,
  { session, width, file }: Readable,
): string {
  const rows = variants.map((variant) => ({ ...variant.at, [name]: shortResult(variant) }));
  const columns = Object.keys(rows[0] ?? {});
  const isCut = variants.some(({ cut_off: cutOff }) => cutOff === true);
  const isPlain = !isCut && rows.every((row) => typeof row[name] !== "string" || !row[name].trim().includes("\n"));
  if (kind !== "test" && isPlain && fitsWhole(columns, rows, width)) return tableText(columns, rows, width);
  return variants
    .map((variant) => {
      const { at, outcome, value, partial } = variant;
      const error = withPlace(variant, session);
      const state = partial !== undefined ? " · partial" : variant.cut_off === true ? " · cut off" : "";
      const label = `${labelText(at)}${state}`;
      const text =
        outcome === "ok"
          ? kind === "test"
            ? testText(value as TestValue)
            : linesText(value)
          : partial !== undefined
            ? partialText({ partial, ...(error === undefined ? {} : { error }) }, file)
            : error === undefined
              ? (outcome ?? "never run")
              : errorText(error, file);
      return `${label}\n${indented(clipped(text.trimEnd()))}`;
    })
    .join("\n");
}

function shortResult({ outcome, value, partial, error }: PlainResult): unknown {
  if (outcome === "ok") return value;
  if (partial !== undefined) return `partial: ${linesText(partial)}${error === undefined ? "" : `\n${error.message}`}`;
  return error === undefined ? (outcome ?? "never run") : `${outcome}: ${error.message}`;
}

/** What came of an answer, and why no more came where that is known. */
function partialText({ partial, error }: Pick<PlainResult, "partial" | "error">, file: string): string {
  const text = linesText(partial);
  return error === undefined ? text : `${text}\n${errorText(error, file).trimEnd()}`;
}

/** Labels in words: `model big, shots 5`. */
export function labelText(at: Coordinates): string {
  return Object.entries(at)
    .map(([axis, one]) => `${axis} ${one}`)
    .join(", ");
}

function stateText(cell: PlainCell): string {
  const { outcome, freshness, partial } = cell;
  if (cell.cut_off === true) return freshness === "current" ? "cut off" : `${freshness} · cut off`;
  if (outcome === null) return freshness === "never" ? "never run" : freshness;
  if (outcome !== "ok") return partial === undefined || outcome === "partial" ? outcome : `${outcome} · partial`;
  return freshness === "current" ? "" : freshness;
}

function plainTableText(table: PlainTable, width: number): string {
  const shown = table.rows.slice(0, shownRows);
  const more = table.rowCount - shown.length;
  const names = table.columns.map(({ name }) => name);
  const text = names.length === 0 ? "" : tableText(names, shown, width);
  return more > 0 ? `${text}\n… and ${more.toLocaleString("en")} more` : text;
}

/** A test's lines with both sides' figures. */
export function testText(value: { readonly lines: readonly TestLine[]; readonly reason?: string }): string {
  const marks = { pass: "✓ pass", fail: "✗ fail", open: "… open" };
  if (value.reason !== undefined) return `${marks.open}  ${value.reason}`;
  return value.lines
    .map(({ verdict, source, sides, reason }) =>
      [
        `${marks[verdict]}  ${source}`,
        // What stands there as a figure need not be repeated.
        ...sides.filter((side) => !source.includes(side)).map((side) => `        ${side}`),
        ...(reason === undefined ? [] : [`        ${reason}`]),
      ].join("\n"),
    )
    .join("\n");
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}

function clipped(text: string): string {
  const lines = text.split("\n");
  return lines.length <= shownLines
    ? text
    : `${lines.slice(0, shownLines).join("\n")}\n… and ${(lines.length - shownLines).toLocaleString("en")} more lines`;
}
