import { bodyLanguage } from "./body-language.ts";
import type { Cell } from "./notebook.ts";
import { checkReferences, templateReferences, testReferences } from "./references/expression-references.ts";
import { nothing, type Found } from "./references/found.ts";
import { javascriptReferences } from "./references/javascript-references.ts";
import { sqlReferences } from "./references/sql-references.ts";
import type { SqlAnalysis } from "./sql-analysis.ts";

/** What DuckDB's parser said of a cell's SQL; undefined where it has not been asked yet. */
export interface Analyses {
  readonly sql: (cell: Cell) => SqlAnalysis | undefined;
  /** The columns of the table that a cell has at present; undefined where it has none, or that is not known. */
  readonly columns?: (cell: string) => readonly string[] | undefined;
}

/**
 * What a cell's body reads, by the parser of its language, and what keeps that from being known. It never throws for a text that
 * does not parse. Positions count in the cell's source.
 */
export function bodyReferences(cell: Cell, analyses: Analyses): Found {
  const language = cell.known ? bodyLanguage(cell) : "none";
  switch (language) {
    case "template":
    case "messages":
      return templateReferences(cell.source, language === "messages");
    case "expressions":
      return testReferences(cell.source);
    case "checks":
      return checkReferences(cell.source);
    case "javascript":
      return javascriptReferences(cell.source);
    case "sql":
    case "expression-sql":
      return sqlReferences(cell.source, analyses.sql(cell), language === "expression-sql");
    case "data":
    case "cells":
    case "none":
      return nothing;
  }
}
