import { stripVTControlCharacters } from "node:util";
import type { TestLine } from "#server/notebook/value.ts";
import type { Session } from "#server/runner/session.ts";
import type { PlainCell, PlainTable } from "./results-json.ts";
import { tableText } from "./table-text.ts";

const shownRows = 10;

/** The results for reading: outputs first, then tables, sheets, charts and tests in the order of the file. */
export function resultsText(session: Session, cells: { readonly [name: string]: PlainCell }, width: number): string {
  const { graph } = session.state;
  const blocks: string[] = [];
  const outputs = outputNames(session);
  if (outputs.length > 0) blocks.push(outputs.map((name) => `${name}: ${inline(cells[name])}`).join("\n"));
  for (const [name, cell] of Object.entries(cells)) {
    const kind = graph.nodes.get(name)!.wordings[0]!.kind;
    const heading = `── ${kind} ${name} ${stateText(cell)}`;
    if (cell.variants !== undefined) {
      const rows = cell.variants.map(({ at, outcome, value }) => ({
        ...at,
        [name]: outcome === "ok" ? short(value) : outcome,
      }));
      blocks.push(`${heading}\n${tableText(Object.keys(rows[0] ?? {}), rows, width)}`);
    } else if (kind === "test" && cell.outcome === "ok") blocks.push(`${heading}\n${testText(cell.value as never)}`);
    else if (isTable(cell.value)) blocks.push(`${heading}\n${plainTableText(cell.value, width)}`);
    else if (kind === "chart" && cell.outcome === "ok")
      blocks.push(`${heading}\n${plainTableText((cell.value as { table: PlainTable }).table, width)}`);
    else if (!outputs.includes(name)) blocks.push(`${heading}\n${inline(cell)}`);
  }
  return `${blocks.join("\n\n")}\n`;
}

export function outputNames(session: Session): readonly string[] {
  const { front, nodes } = session.state.graph;
  return front.outputs.filter((name) => nodes.has(name));
}

function stateText({ outcome, freshness }: PlainCell): string {
  return outcome === "ok" ? (freshness === "current" ? "" : `(${freshness})`) : `(${outcome})`;
}

function inline(cell: PlainCell | undefined): string {
  if (cell === undefined) return "";
  const { message, cure } = (cell.error ?? {}) as { message?: string; cure?: string };
  if (cell.outcome !== "ok")
    return `${cell.outcome}${message === undefined ? "" : `: ${message}`}${cure === undefined ? "" : ` ${cure}`}`;
  return isTable(cell.value) ? `${cell.value.rowCount} rows` : short(cell.value);
}

function short(value: unknown): string {
  if (isTable(value)) return `${value.rowCount} rows`;
  return stripVTControlCharacters(
    typeof value === "string"
      ? value
      : JSON.stringify(value, (_key, part: unknown) => (typeof part === "bigint" ? part.toString() : part)),
  );
}

function isTable(value: unknown): value is PlainTable {
  return value !== null && typeof value === "object" && "rowCount" in value && "columns" in value;
}

function plainTableText(table: PlainTable, width: number): string {
  const shown = table.rows.slice(0, shownRows);
  const more = table.rowCount - shown.length;
  const text = tableText(
    table.columns.map(({ name }) => name),
    shown,
    width,
  );
  return more > 0 ? `${text}\n… and ${more.toLocaleString("en")} more rows` : text;
}

/** A test's lines with both sides' figures. */
export function testText(value: { readonly verdict: string; readonly lines: readonly TestLine[] }): string {
  const marks = { pass: "✓ pass", fail: "✗ fail", open: "… open" };
  return value.lines
    .map(({ verdict, source, sides, reason }) =>
      [
        `${marks[verdict]}  ${source}`,
        ...sides.map((side) => `          ${side}`),
        ...(reason === undefined ? [] : [`          ${reason}`]),
      ].join("\n"),
    )
    .join("\n");
}
