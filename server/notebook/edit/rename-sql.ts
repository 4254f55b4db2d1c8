import { bodyLanguage } from "../body-language.ts";
import { foldName } from "../names.ts";
import type { Cell } from "../notebook.ts";
import type { TextEdit } from "../operation.ts";
import { SheafError } from "../sheaf-error.ts";
import type { SqlAnalysis, SqlName } from "../sql-analysis.ts";
import { quotedSqlWords, reservedSqlWords } from "../sql-keywords.ts";
import type { PathPair, Renamed, Renaming } from "./renaming.ts";
import { applyEdits, inOrder } from "./text-edits.ts";

/**
 * SQL after a rename: tables, columns named through them, and `$name`. Names compare without case; quotes stay, and come where the new
 * name needs them. Common table expressions and aliases of the same name are not in the analysis, and so not touched.
 */
export function renameInSql(cell: Cell, renaming: Renaming, analysis: SqlAnalysis | undefined): Renamed {
  const { source } = cell;
  const { isOutside = false } = renaming;
  if (analysis === undefined || !analysis.ok) {
    const why = analysis === undefined ? "has not been read yet" : `has an error: ${analysis.message}`;
    const message = `the SQL of \`${cell.name}\` ${why}; the rename does not reach into it`;
    return { source, warnings: [{ message, cure: "Change the name there by hand." }] };
  }
  const isFormula = bodyLanguage(cell) === "expression-sql";
  const edits: TextEdit[] = [];
  for (const pair of renaming.pairs) {
    const tables = analysis.tables.filter((name) => begins(name, pair.from));
    const others = [
      ...analysis.qualifiers,
      ...analysis.parameters,
      ...(isFormula && !isOutside ? analysis.columns : []),
    ];
    const named = [...tables, ...others.filter((name) => begins(name, pair.from))];
    if (named.length > 0 && pair.from.length === 1) refuseCapture(cell, pair.to[0]!);
    for (const name of named) edits.push(...partEdit(source, name, pair.from.length - 1, pair));
    // `from triage.correct` is also called `correct` alone, as long as no other table is.
    const alone = pair.from.at(-1)!;
    if (pair.from.length > 1 && tables.length > 0 && !analysis.tables.some((name) => begins(name, [alone])))
      for (const name of analysis.qualifiers.filter((name) => begins(name, [alone])))
        edits.push(...partEdit(source, name, 0, pair));
  }
  const unique = [...new Map(edits.map((edit) => [edit.start, edit])).values()];
  return { source: applyEdits(source, inOrder(source, unique)), warnings: columnWarnings(cell, renaming, analysis) };
}

function begins({ parts }: SqlName, from: readonly string[]): boolean {
  return from.every((part, index) => parts[index] !== undefined && foldName(parts[index]) === foldName(part));
}

const skipped = String.raw`(?:\s|--[^\n]*|/\*[^]*?\*/)*`;
const namePart = new RegExp(
  String.raw`${skipped}(?:\.${skipped}|\$)?("(?:[^"]|"")*"|'(?:[^']|'')*'|[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*)`,
  "y",
);

/** The edit of one part of a dotted name, in the quotes it stands in; comments may stand between the parts. */
function partEdit(source: string, name: SqlName, index: number, { to }: PathPair): TextEdit[] {
  namePart.lastIndex = name.position.offset;
  let part: string | undefined;
  for (let at = 0; at <= index; at += 1) part = namePart.exec(source)?.[1];
  if (part === undefined) return [];
  const end = namePart.lastIndex;
  const quote = part[0] === '"' || part[0] === "'" ? part[0] : needsQuotes(to.at(-1)!) ? '"' : "";
  return [{ start: end - part.length, end, text: `${quote}${to.at(-1)!}${quote}` }];
}

function needsQuotes(name: string): boolean {
  return quotedSqlWords.has(foldName(name)) || reservedSqlWords.has(foldName(name));
}

/** A common table expression with the new name would be read in the table's place. */
function refuseCapture(cell: Cell, to: string): void {
  const definition = new RegExp(
    `(?:\\bwith\\s+(?:recursive\\s+)?|,\\s*)"?${to}"?\\s*(?:\\([^()]*\\)\\s*)?(?:using\\s+key\\s*\\([^()]*\\)\\s*)?as\\s+(?:(?:not\\s+)?materialized\\s+)?\\(`,
    "i",
  );
  if (definition.test(cell.source))
    throw new SheafError(
      "operation.would-capture",
      `in \`${cell.name}\`: \`${to}\` is a common table expression there`,
      {
        cure: "Choose another name, or rename the common table expression.",
      },
    );
}

function columnWarnings(
  cell: Cell,
  { pairs }: Renaming,
  analysis: SqlAnalysis & { readonly ok: true },
): Renamed["warnings"] {
  return pairs
    .filter(
      ({ from }) =>
        from.length > 1 &&
        analysis.tables.some((table) => begins(table, from.slice(0, 1)) && table.parts.length === 1) &&
        analysis.columns.some(
          ({ parts }) => parts.length === 1 && begins({ ...analysis.columns[0]!, parts }, from.slice(-1)),
        ),
    )
    .map(({ from }) => ({
      message: `\`${cell.name}\` reads a column \`${from.at(-1)}\`, which may be the renamed one of \`${from[0]}\`; it is left as it is`,
      cure: "Change the column's name there by hand if it is.",
    }));
}
