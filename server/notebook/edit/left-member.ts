import { parseExpression, parseTemplate, readsMember } from "#server/language/index.ts";
import { bodyLanguage } from "../body-language.ts";
import type { Analyses } from "../body-references.ts";
import { expressionsOf } from "../expressions-of.ts";
import { foldName } from "../names.ts";
import type { Cell } from "../notebook.ts";
import { parseChecks } from "../references/expression-references.ts";
import { testLines } from "../test-lines.ts";
import { javascriptReadsMember } from "../references/javascript-reads-member.ts";
import { toCellError } from "../sheaf-error.ts";
import type { CarriedColumn } from "./carried-column.ts";
import { columnFields } from "./column-fields.ts";
import { renameInField } from "./rename-body.ts";
import type { PathPair, Renaming } from "./renaming.ts";

/**
 * Whether a cell that reads rows with a renamed column may still read it by the name it had: `source` is its body after the rename. What
 * it reads of a name that has no such rows is another's.
 */
export function isMemberLeft(
  cell: Cell,
  source: string,
  { from: [owner, column] }: PathPair,
  {
    carried,
    renaming,
    isRowOther,
    analyses,
  }: {
    readonly carried: CarriedColumn;
    readonly renaming: Renaming;
    /** True where `row` is of a sheet with other rows. */
    readonly isRowOther: boolean;
    readonly analyses: Analyses;
  },
): boolean {
  const isOther = (name: string): boolean => (name === "row" || name === "item" ? isRowOther : !carried.mayHave(name));
  const inExpression = (text: string): boolean => readsMember(parseExpression(text), column!, isOther);
  const inFields = (): boolean =>
    expressionsOf(cell.configuration).some(({ source: field }) =>
      readable(() => inExpression(renameInField(field, renaming))),
    );
  const inBody = (): boolean => {
    const language = bodyLanguage(cell);
    switch (language) {
      case "template":
      case "messages":
        return readsMember(parseTemplate(source, { roles: language === "messages" }), column!, isOther);
      case "expressions":
        return testLines(source).some(({ text }) => readable(() => inExpression(text)));
      case "checks":
        return expressionsOf(parseChecks(source).configuration).some((check) =>
          readable(() => inExpression(check.source)),
        );
      case "javascript":
        return javascriptReadsMember(source, column!, isOther);
      case "sql": {
        const analysis = analyses.sql(cell);
        if (analysis?.ok !== true) return false;
        const isIt = (name: string): boolean => foldName(name) === foldName(column!);
        // What reads a sheet's own table is followed, or warned of, by its columns.
        return (
          analysis.tables.some(({ parts: [table] }) => carried.mayHave(table!) && !isFollowed(table!)) &&
          (analysis.columns.some(({ parts }) => isIt(parts.at(-1)!)) || analysis.unplaced.some(isIt))
        );
      }
      case "expression-sql":
      case "data":
      case "cells":
      case "none":
        return false;
    }
  };
  const isFollowed = (table: string): boolean =>
    [owner!, ...carried.pairs.map(({ from }) => from[0]!)].some((name) => foldName(name) === foldName(table));
  return readable(inBody) || inFields() || isColumnFieldLeft(cell, column!, carried);
}

/** Whether a field names the column of a table that may have it, and is not known to. */
function isColumnFieldLeft({ kind, configuration: { values } }: Cell, column: string, carried: CarriedColumn): boolean {
  const fields = columnFields({ kind });
  if (fields === null || carried.isTable(values[fields.table])) return false;
  return fields.columns.some((field) => [values[field]].flat().includes(column));
}

/** What does not parse is said besides. */
function readable(find: () => boolean): boolean {
  try {
    return find();
  } catch (thrown) {
    if (toCellError(thrown).code === "internal") throw thrown;
    return false;
  }
}
