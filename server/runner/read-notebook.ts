import { cellForms, cellKinds } from "#server/cells/index.ts";
import { condition } from "#server/cells/condition.ts";
import { reduce } from "#server/cells/reduce.ts";
import { rows } from "#server/cells/rows.ts";
import { boundEarlyFields } from "#server/notebook/bound-early-fields.ts";
import { cellReferences } from "#server/notebook/cell-references.ts";
import { configurationProblems } from "#server/notebook/configuration-problems.ts";
import { withEarlyFields } from "#server/notebook/early-fields.ts";
import { filePosition } from "#server/notebook/file-position.ts";
import { parseNotebook } from "#server/notebook/format.ts";
import { buildGraph } from "#server/notebook/graph.ts";
import { byName } from "#server/notebook/graph-names.ts";
import type { Graph } from "#server/notebook/graph-node.ts";
import type { Cell, Diagnostic, Notebook } from "#server/notebook/notebook.ts";
import type { SqlAnalysis } from "#server/notebook/sql-analysis.ts";
import { unreadableNames } from "#server/notebook/unreadable-names.ts";
import { unsharedSettings } from "#server/notebook/unshared-settings.ts";
import type { Value } from "#server/notebook/value.ts";
import type { Tables } from "#server/tables/tables.ts";

/** A notebook's text read: its cells, what depends on what, and what is wrong with it. */
export interface ReadNotebook {
  /** As it is written. */
  readonly notebook: Notebook;
  /** Of its cells with the values of their early fields. */
  readonly graph: Graph;
  /** In the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
  /** Inputs whose values decide what it is: with others it has to be read anew. */
  readonly earlyInputs: ReadonlySet<string>;
  /** Cells whose SQL gives another answer at every run. */
  readonly volatile: ReadonlySet<Cell>;
  /** What DuckDB's parser found, by `KIND SOURCE`. */
  readonly sql: ReadonlyMap<string, SqlAnalysis>;
}

type GoodAnalysis = SqlAnalysis & { readonly ok: true };

/** A notebook's text parsed. What it is further hangs on the values of inputs, where they decide fields that are read first. */
export interface ParsedText {
  readonly notebook: Notebook;
  /** Reads it with the inputs as they are. */
  withInputs(inputs: ReadonlyMap<string, { readonly value: Value }>): ReadNotebook;
}

/** Parses the texts of one notebook, one after another: while a cell's SQL does not parse, its last good references stand. */
export function createNotebookReader(tables: Pick<Tables, "analyse">): (text: string) => Promise<ParsedText> {
  const lastGood = new Map<string, GoodAnalysis>();

  async function analyse(cell: Cell, sql: Map<string, SqlAnalysis>): Promise<readonly [Cell, SqlAnalysis] | null> {
    const body = cellKinds.get(cell.kind)?.body;
    if (body !== "sql" && body !== "expression-sql") return null;
    const analysis = await tables.analyse(cell.source, body === "sql" ? "statement" : "expression");
    sql.set(`${cell.kind} ${cell.source}`, analysis);
    if (analysis.ok) lastGood.set(cell.name, analysis);
    const before = lastGood.get(cell.name);
    return [cell, analysis.ok || before === undefined ? analysis : { ...analysis, lastGood: before }];
  }

  return async (text) => {
    const notebook = parseNotebook(text, cellForms);
    const sql = new Map<string, SqlAnalysis>();
    const analyses = new Map(
      (await Promise.all(allCells(notebook.cells).map((cell) => analyse(cell, sql)))).filter(
        (analysis) => analysis !== null,
      ),
    );
    return { notebook, withInputs: (inputs) => readWith(notebook, inputs, { sql, analyses }) };
  };
}

/** The values of the inputs that decide what a text is, as a text: with the same it is the same. */
export function earlyValues(
  { earlyInputs }: Pick<ReadNotebook, "earlyInputs">,
  inputs: ReadonlyMap<string, { readonly hash: string }>,
): string {
  return [...earlyInputs].map((name) => inputs.get(name)?.hash ?? "").join(" ");
}

interface Analyses {
  readonly sql: ReadonlyMap<string, SqlAnalysis>;
  readonly analyses: ReadonlyMap<Cell, SqlAnalysis>;
}

function readWith(
  written: Notebook,
  inputs: ReadonlyMap<string, { readonly value: Value }>,
  { sql, analyses }: Analyses,
): ReadNotebook {
  const { text } = written;
  const early = withEarlyFields(written, cellKinds, inputs);
  const { notebook } = early;
  const cells = allCells(notebook.cells);
  const problems: Diagnostic[] = cells.flatMap((cell) => {
    const kind = cellKinds.get(cell.kind);
    if (kind === undefined) return [];
    const inBody = (kind.bodyProblems?.(cell) ?? []).map((problem) => ({
      ...problem,
      cell: cell.name,
      position: filePosition(text, cell, problem.position.offset, problem.position.length),
    }));
    return [...configurationProblems(cell, kind), ...inBody];
  });
  for (const container of [notebook.cells, ...cells.map((cell) => cell.cells)])
    for (const wordings of byName(container).values()) {
      const kind = cellKinds.get(wordings[0]!.kind);
      if (kind !== undefined) problems.push(...unsharedSettings(wordings, kind));
    }
  // The same cells in the same order, but that fields of some have values.
  const asWritten = new Map(allCells(written.cells).map((cell, index) => [cells[index]!, cell]));
  const analysisOf = (cell: Cell): SqlAnalysis | undefined => analyses.get(asWritten.get(cell)!);
  const goodOf = (cell: Cell): GoodAnalysis | undefined => {
    const found = analysisOf(cell);
    return found === undefined || found.ok ? found : found.lastGood;
  };
  const graph = buildGraph(notebook, {
    kinds: cellKinds,
    reduce,
    condition,
    rows,
    early: (cell) => early.cells.get(cell) ?? null,
    references(cell) {
      const found = cellReferences(text, cell, { sql: analysisOf });
      problems.push(...found.problems);
      return found.references;
    },
    overRows: (cell) => goodOf(cell)?.overRows === true,
  });
  return {
    notebook: written,
    graph,
    diagnostics: unique([
      ...written.diagnostics,
      ...early.problems,
      ...problems,
      ...unreadableNames(notebook),
      ...graph.diagnostics,
      ...boundEarlyFields(graph, early),
    ]),
    sql,
    earlyInputs: early.inputs,
    volatile: new Set([
      ...cells.filter((cell) => goodOf(cell)?.volatile.length),
      ...[...graph.nodes.values()].flatMap((node) =>
        node.reads.some(({ type }) => type === "calls") ? node.wordings : [],
      ),
    ]),
  };
}

function allCells(cells: readonly Cell[]): readonly Cell[] {
  return cells.flatMap((cell) => [cell, ...allCells(cell.cells)]);
}

function unique(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [
    ...new Map(diagnostics.map((one) => [`${one.code} ${one.position.offset} ${one.message}`, one])).values(),
  ].sort((left, right) => left.position.offset - right.position.offset);
}
