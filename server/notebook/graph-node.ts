import type { Axis } from "./axis.ts";
import type { CellKind } from "./cell-kind.ts";
import type { Cell, Diagnostic, FrontMatter } from "./notebook.ts";
import type { Reference } from "./reference.ts";
import type { CellError, Datum } from "./value.ts";

/** What depends on what: every column of results a notebook has, in an order in which they can be computed. */
export interface Graph {
  readonly front: FrontMatter;
  /** Nodes by id, each after those it reads; nodes of a cycle come last. */
  readonly nodes: ReadonlyMap<string, Node>;
  readonly sheets: ReadonlyMap<string, Sheet>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * One cell in one scope: `topic` at the notebook's own inputs, `triage.topic` for each row of the sheet `triage`. It has a
 * result at every combination of its axes' labels and, in a sheet, of its rows.
 */
export interface Node {
  /** The path that an address has, and readers outside write: `topic`, `triage.topic`. */
  readonly id: string;
  /** The cell's own name. */
  readonly name: string;
  /** The cell, or for `name.label` its wordings in the order of the file. */
  readonly wordings: readonly Cell[];
  /** Null for a kind nobody knows yet. */
  readonly kind: CellKind | null;
  /** The sheet whose rows it is computed for; null at the top. */
  readonly sheet: string | null;
  readonly reads: readonly Read[];
  /** Its own axes and those of what it reads. */
  readonly axes: readonly Axis[];
  readonly ownAxes: readonly Axis[];
  /** Inputs that fields of it read before the graph was built: with other values of them it may be another node. */
  readonly earlyInputs: readonly string[];
  /** For a kind that covers what it reads: the results of sheets' columns of which values it reads are made. */
  readonly covers: readonly Cover[];
  /** True where it makes one value of the repeats that its node `NAME#each` computes. */
  readonly reduces: boolean;
  /** True in a sheet for what sees all rows at each of them, as a window function does: they are computed together. */
  readonly overRows?: true;
  /** Why it cannot be computed at all: a cycle, a name given twice, an unknown kind, axes that do not fit. */
  readonly blocked: CellError | null;
}

/** Results of which a value that a node reads is made; both are names of its reads. */
export interface Cover {
  readonly value: string;
  readonly results: string;
  /** Whether they are a column of that value, which is a sheet's own table. */
  readonly isColumn: boolean;
}

/** One thing a node reads, resolved. `as` is its name among the item's inputs; `only` are the labels of the wordings that read it, where others do not. */
export type Read = ReadTarget & {
  readonly as: string;
  readonly reference: Reference;
  readonly only?: readonly string[];
};

export type ReadTarget =
  /** An input at the value the caller gave. */
  | { readonly type: "input"; readonly input: string }
  /** An input that the sheet binds for each row. */
  | { readonly type: "bound"; readonly input: string }
  /** Another node: at the same row where it is of the same sheet, and at the same labels. */
  | { readonly type: "node"; readonly node: string }
  /**
   * All results of a sheet's column, or of a node under an aggregate: no axis travels. An aggregate reads the figures of them
   * or of one of their fields; everything else reads a column as a table, with its figures where an expression reads it. What is
   * read only for how much of it is settled has counts.
   */
  | {
      readonly type: "results";
      readonly node: string;
      readonly form: "figures" | "table" | "counts";
      readonly field: string | null;
    }
  /** Facts of a node's result: cost, latency, … */
  | { readonly type: "meta"; readonly node: string }
  /** The node that decides whether a sheet is computed at all: skipped, it skips the sheet, and nothing of it is read. */
  | { readonly type: "condition"; readonly node: string }
  /** A node that only has to be done before: nothing of it is read. */
  | { readonly type: "after"; readonly node: string }
  | { readonly type: "row"; readonly column: string }
  | { readonly type: "vary"; readonly axis: string }
  | { readonly type: "file"; readonly path: string }
  /** The calls of the workspace as a table, as they are when the node is computed: no part of its key. */
  | { readonly type: "calls" };

/** What gives a sheet its rows: a node whose value is a table or a list, a column of another sheet as a table, or an input of either. */
export type RowsRead = Extract<Read, { readonly type: "node" | "results" | "input" }>;

/** What a sheet goes over. */
export type RowsForm = "table" | "list";

export type ConditionRead = Extract<Read, { readonly type: "condition" }>;

/** A sheet's scope: where its rows come from, what they bind, and its columns. */
export interface Sheet {
  readonly id: string;
  readonly cell: Cell;
  /** Null where the field names nothing that gives rows. */
  readonly rows: RowsRead | null;
  /** Whether its rows are a table's, or the elements of a plain list, which are `item`; null where nothing says so yet. */
  readonly of: RowsForm | null;
  /** What decides whether it is computed, which its columns read as well; null where it always is. */
  readonly condition: ConditionRead | null;
  readonly key: string | null;
  readonly bindings: readonly Binding[];
  /** The nodes computed for each row, in an order in which they can be. */
  readonly nodes: readonly string[];
  /** Those it shows, in the order of `columns`, then its own cells. */
  readonly columns: readonly string[];
  /** The rows' columns that anything in the sheet reads: they make a row's identity where there is no key. */
  readonly reads: readonly string[];
}

/** An input as a row gives it: a plain column, an expression over the row, or a constant. */
export type Binding = { readonly input: string } & (
  | { readonly type: "column"; readonly column: string }
  | { readonly type: "expression"; readonly source: string; readonly reads: readonly Read[] }
  | { readonly type: "constant"; readonly value: Datum }
);
