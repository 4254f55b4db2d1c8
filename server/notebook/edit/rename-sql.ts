import { bodyLanguage } from "../body-language.ts";
import { foldName } from "../names.ts";
import type { Cell } from "../notebook.ts";
import type { TextEdit } from "../operation.ts";
import { SheafError } from "../sheaf-error.ts";
import type { SqlAnalysis, SqlName } from "../sql-analysis.ts";
import { quotedSqlWords, reservedSqlWords } from "../sql-keywords.ts";
import { rowColumns } from "../references/sql-references.ts";
import type { PathPair, Renamed, Renaming } from "./renaming.ts";
import { applyEdits, inOrder } from "./text-edits.ts";

/**
 * SQL after a rename: tables, columns named through them, `$name`, and columns that are a cell's. What a query gives keeps its names.
 * Names compare without case; quotes stay, and come where the new name needs them. Common table expressions and aliases of the same name
 * are not in the analysis, and so not touched. What may be of several tables is left, and said.
 */
export function renameInSql(cell: Cell, renaming: Renaming, analysis: SqlAnalysis | undefined): Renamed {
  const { source } = cell;
  if (analysis === undefined || !analysis.ok) {
    const why = analysis === undefined ? "has not been read yet" : `has an error: ${analysis.message}`;
    const message = `the SQL of \`${cell.name}\` ${why}; the rename does not reach into it`;
    return { source, warnings: [{ message, cure: "Change the name there by hand." }] };
  }
  const followsColumns = bodyLanguage(cell) === "expression-sql" && renaming.isOutside !== true;
  const edits: TextEdit[] = [];
  const warnings: Renamed["warnings"][number][] = [];
  for (const pair of renaming.pairs) {
    const isNamed = (name: SqlName): boolean => begins(name, pair.from);
    const tables = analysis.tables.filter(isNamed);
    const read = [
      ...tables,
      ...analysis.qualifiers.filter(isNamed),
      ...(followsColumns ? rowColumns(analysis).filter(isNamed) : []),
    ];
    const named = [...read, ...analysis.parameters.filter(isNamed)];
    if (read.length > 0 && pair.from.length === 1) refuseCapture(cell, pair.to[0]!, analysis);
    for (const name of named) edits.push(...partEdit(source, name, pair.from.length - 1, pair));
    // `from triage.correct` is also called `correct` alone, as long as no other table is.
    const alone = pair.from.at(-1)!;
    if (pair.from.length > 1 && tables.length > 0 && !analysis.tables.some((name) => begins(name, [alone]))) {
      const members = analysis.qualifiers.filter((name) => begins(name, [alone]));
      if (members.length > 0) refuseCapture(cell, pair.to.at(-1)!, analysis);
      for (const name of members) edits.push(...partEdit(source, name, 0, pair));
    }
    const columns = renamedColumns(analysis, pair, renaming);
    if (pair.from.length === 1 && columns.certain.length > 0) refuseRowCapture(cell, pair.to[0]!, analysis, renaming);
    for (const { name, at } of columns.certain) edits.push(...partEdit(source, name, at, pair));
    if (columns.mayBe)
      warnings.push({
        message: `\`${cell.name}\` reads a column \`${alone}\`, which may be the renamed one of \`${pair.from[0]}\`; it is left as it is`,
        cure: "Change the column's name there by hand if it is.",
      });
  }
  const [pair] = renaming.pairs;
  if (renaming.isRowColumn === true && bodyLanguage(cell) === "expression-sql" && pair !== undefined) {
    const own = { from: [pair.from.at(-1)!], to: [pair.to.at(-1)!] };
    for (const name of rowColumns(analysis).filter((name) => begins(name, own.from)))
      edits.push(...partEdit(source, name, 0, own));
  }
  const unique = [...new Map(edits.map((edit) => [edit.start, edit])).values()];
  return { source: applyEdits(source, inOrder(source, [...unique, ...keptNames(source, analysis, unique)])), warnings };
}

/** The columns of a statement that a rename is of, and whether there is another that it may be of. */
function renamedColumns(
  { columns, tables, unplaced }: SqlAnalysis & { readonly ok: true },
  { from }: PathPair,
  { hasColumn = () => false }: Renaming,
): { readonly certain: readonly { readonly name: SqlName; readonly at: number }[]; readonly mayBe: boolean } {
  const [owner, member] = from as readonly [string, string?];
  const isItsOwn = hasColumn(owner, from.at(-1)!);
  if (isItsOwn === true) return { certain: [], mayBe: false };
  const isOwners = (parts: readonly string[]): boolean => foldName(parts[0]!) === foldName(owner);
  const certain: { readonly name: SqlName; readonly at: number }[] = [];
  let mayBe = false;
  for (const name of columns) {
    const { origin, parts } = name;
    if (origin === undefined || foldName(parts[origin.at] ?? "") !== foldName(from.at(-1)!)) continue;
    const { table, row, at, mayBeOf } = origin;
    if (member === undefined) {
      if (row === null || row.length > 1 || !isOwners(row)) continue;
      // A name is the whole row only where no column has it.
      if (table === null || isItsOwn === null) mayBe = true;
      else certain.push({ name, at });
    } else if (table !== null && isOwners(table) && (table.length === 1 || begins({ ...name, parts: table }, from)))
      certain.push({ name, at });
    else mayBe ||= mayBeOf.some(isOwners);
  }
  mayBe ||=
    member !== undefined &&
    tables.some(({ parts }) => isOwners(parts)) &&
    unplaced.some((name) => foldName(name) === foldName(member));
  return { certain, mayBe };
}

/** What gives columns of a result their names where these are edited: readers have them by the names they had. */
function keptNames(
  source: string,
  { columns }: SqlAnalysis & { readonly ok: true },
  edits: readonly TextEdit[],
): readonly TextEdit[] {
  return columns.flatMap((name) => {
    const last = name.origin?.isOutput === true ? partAt(source, name, name.parts.length - 1) : null;
    if (last === null || !edits.some(({ start }) => start === last.start)) return [];
    return [{ start: last.end, end: last.end, text: ` as ${source.slice(last.start, last.end)}` }];
  });
}

function begins({ parts }: SqlName, from: readonly string[]): boolean {
  return from.every((part, index) => parts[index] !== undefined && foldName(parts[index]) === foldName(part));
}

const skipped = String.raw`(?:\s|--[^\n]*|/\*[^]*?\*/)*`;
const namePart = new RegExp(
  String.raw`${skipped}(?:\.${skipped}|\$)?("(?:[^"]|"")*"|'(?:[^']|'')*'|[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*)`,
  "y",
);

/** Where one part of a dotted name stands, in its quotes; comments may stand between the parts. */
function partAt(source: string, name: SqlName, index: number): { readonly start: number; readonly end: number } | null {
  namePart.lastIndex = name.position.offset;
  let part: string | undefined;
  for (let at = 0; at <= index; at += 1) part = namePart.exec(source)?.[1];
  return part === undefined ? null : { start: namePart.lastIndex - part.length, end: namePart.lastIndex };
}

/** The edit of one part of a dotted name, in the quotes it stands in. */
function partEdit(source: string, name: SqlName, index: number, { to }: PathPair): TextEdit[] {
  const place = partAt(source, name, index);
  if (place === null) return [];
  const first = source[place.start];
  const quote = first === '"' || first === "'" ? first : needsQuotes(to.at(-1)!) ? '"' : "";
  return [{ ...place, text: `${quote}${to.at(-1)!}${quote}` }];
}

function needsQuotes(name: string): boolean {
  return quotedSqlWords.has(foldName(name)) || reservedSqlWords.has(foldName(name));
}

/** What a statement calls something by itself would be read in the renamed one's place. */
function refuseCapture(cell: Cell, to: string, { defines }: SqlAnalysis & { readonly ok: true }): void {
  if (!defines.some((name) => foldName(name) === foldName(to))) return;
  throw new SheafError(
    "operation.would-capture",
    `in \`${cell.name}\`: \`${to}\` is a name that the SQL gives there itself`,
    {
      cure: "Choose another name, or rename what the SQL calls so.",
    },
  );
}

/** A column comes before the whole row of a table of its name. */
function refuseRowCapture(
  cell: Cell,
  to: string,
  { tables }: SqlAnalysis & { readonly ok: true },
  { hasColumn = () => false }: Renaming,
): void {
  const isNamed = new RegExp(String.raw`(?<![\w$])${to}(?![\w$])`, "i").test(cell.source);
  if (!isNamed && tables.every(({ parts }) => hasColumn(parts[0]!, to) === false)) return;
  throw new SheafError(
    "operation.would-capture",
    `in \`${cell.name}\`: \`${to}\` may be a column there, and whole rows of the table are read by its name`,
    {
      cure: "Choose another name, or give the table an alias there.",
    },
  );
}
