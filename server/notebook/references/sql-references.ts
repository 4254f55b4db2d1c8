import { positionAt } from "#server/language/position.ts";
import { isName } from "../names.ts";
import type { Reference } from "../reference.ts";
import type { SqlAnalysis, SqlColumn, SqlName } from "../sql-analysis.ts";
import { nothing, plainReference, type Found } from "./found.ts";

/**
 * What an SQL text reads: its tables and `$name` parameters; with `columns`, in a formula, every column too, for it is a cell, an input or
 * the row's. A table whose name is no cell's, a path like `banking77/train.csv`, is one name. Without an analysis nothing is known.
 * While it does not parse its last good references stand, at the place of the error.
 */
export function sqlReferences(source: string, analysis: SqlAnalysis | undefined, columns: boolean): Found {
  if (analysis === undefined) return nothing;
  if (!analysis.ok) {
    const { message, position, lastGood } = analysis;
    const own = analysis.cure ?? "Correct the SQL here.";
    const cure = lastGood === undefined ? own : `${own.slice(0, -1)}; until then the names found last are kept.`;
    const { references } = sqlReferences(source, lastGood, columns);
    return {
      references: references.map((reference) => ({ ...reference, position })),
      problems: [{ severity: "error", code: "sql.syntax", message, cure, position }],
    };
  }
  const parameters = analysis.parameters.map((parameter) =>
    toReference({ ...parameter, position: parameterPlace(source, parameter) }),
  );
  const tables = analysis.tables.map(toReference);
  if (!columns) return { references: [...tables, ...parameters], problems: [] };
  return {
    references: [
      ...tables,
      ...rowColumns(analysis).map((column): Reference => ({
        ...toReference(column),
        formula: "column",
        ...(column.within === "maybe" ? { mayBeOther: true } : {}),
      })),
      ...parameters.map((parameter): Reference => ({ ...parameter, formula: "parameter" })),
    ],
    problems: [],
  };
}

/** The place of a parameter's name, behind its `$`. */
export function parameterPlace(source: string, { position }: SqlName): SqlName["position"] {
  const sign = source[position.offset] === "$" ? 1 : 0;
  return positionAt(source, position.offset + sign, position.offset + position.length);
}

function toReference({ parts, position }: SqlName): Reference {
  const [name = "", ...path] = parts;
  return parts.every(isName) ? plainReference(name, path, position) : plainReference(parts.join("."), [], position);
}

/** The columns of a formula that may be its row's: not those of its subqueries' own tables. */
export function rowColumns({ columns }: SqlAnalysis & { readonly ok: true }): readonly SqlColumn[] {
  return columns.filter(({ within }) => within !== "certain");
}
