import type { Analyses } from "../body-references.ts";
import { bodyLanguage } from "../body-language.ts";
import { cellReferences } from "../cell-references.ts";
import { foldName } from "../names.ts";
import type { Cell, Notebook } from "../notebook.ts";
import { rowsReference } from "../sheet-scope.ts";
import type { Datum } from "../value.ts";
import type { PathPair } from "./renaming.ts";

/** Where a renamed column of a sheet goes: into sheets over its rows, and into what reads any of these. */
export interface CarriedColumn {
  /** `second.topic` for each sheet whose rows are those of `triage` with its column `topic`. */
  readonly pairs: readonly PathPair[];
  /** Whether a field's text (`rows`, `data`, `from`) names a table that has the column. */
  readonly isTable: (text: Datum | undefined) => boolean;
  /** Whether a cell with this name may have rows with the column, in whatever it made of them. */
  readonly mayHave: (name: string) => boolean;
  /** Whether a cell reads what may have them; in a sheet also where the sheet does. */
  readonly mayRead: (cell: Cell, container: Cell | null) => boolean;
}

/** Follows the column that `pair` renames, `triage.topic`, through a notebook. */
export function carriedColumn(notebook: Notebook, pair: PathPair, analyses: Analyses): CarriedColumn {
  const [owner, column] = pair.from as readonly [string, string];
  const carriers = new Set<string>();
  const isTable = (text: Datum | undefined): boolean => {
    const named = typeof text === "string" ? rowsReference(text, notebook.cells[0]!.position) : null;
    if (named === null || named.path.length > 1) return false;
    if (carriers.has(foldName(named.name))) return true;
    return foldName(named.name) === foldName(owner) && (named.path.length === 0 || named.path[0] === column);
  };
  const sheets = notebook.cells.filter(({ kind }) => kind === "sheet");
  untilStable(
    () => carriers.size,
    () => {
      for (const { name, configuration } of sheets)
        if (isTable(configuration.values["rows"])) carriers.add(foldName(name));
    },
  );

  const having = new Set([foldName(owner), ...carriers]);
  const mayHave = (name: string): boolean => having.has(foldName(name));
  const names = new Map<Cell, readonly string[]>();
  const readsIt = (cell: Cell): boolean => {
    const known = names.get(cell) ?? cellReferences(notebook.text, cell, analyses).references.map(({ name }) => name);
    names.set(cell, known);
    return known.some(mayHave);
  };
  untilStable(
    () => having.size,
    () => {
      for (const cell of notebook.cells) {
        if (readsIt(cell) && passesOn(cell, column, analyses)) having.add(foldName(cell.name));
        for (const nested of cell.cells) {
          if (!readsIt(nested) || !passesOn(nested, column, analyses)) continue;
          having.add(foldName(nested.name));
          having.add(foldName(cell.name));
        }
      }
    },
  );
  return {
    pairs: sheets
      .filter(({ name }) => carriers.has(foldName(name)))
      .map(({ name }) => ({ from: [name, column], to: [name, pair.to[1]!] })),
    isTable,
    mayHave,
    mayRead: (cell, container) => readsIt(cell) || (container !== null && readsIt(container)),
  };
}

/** Whether rows that a cell reads may be in its value, with their columns as they were named there. */
function passesOn(cell: Cell, column: string, analyses: Analyses): boolean {
  const language = bodyLanguage(cell);
  switch (language) {
    case "template":
    case "messages":
    case "expressions":
    case "checks":
    case "expression-sql":
      return false;
    case "sql": {
      const analysis = analyses.sql(cell);
      // A query that names the column keeps the name in its result.
      const names =
        analysis?.ok === true &&
        analysis.columns.some(
          ({ parts, origin }) => origin?.isOutput === true && foldName(parts.at(-1)!) === foldName(column),
        );
      return !names && (cell.source.includes("*") || !/\bselect\b/i.test(cell.source));
    }
    case "javascript":
    case "data":
    case "cells":
    case "none":
      return true;
  }
}

function untilStable(size: () => number, step: () => void): void {
  for (let before = -1; before !== size();) {
    before = size();
    step();
  }
}
