import type { Coordinates } from "#server/notebook/address.ts";
import type { CallFacts } from "#server/notebook/services.ts";
import type { Datum, Table } from "#server/notebook/value.ts";

/**
 * The live results of sheets, in DuckDB: cache, rebuilt from the journal. Freshness of a big sheet is two columns of each
 * result: `key`, the column's part of the cell key (configuration, source, model, shared inputs), an integer that stands for
 * its text, and `input`, a hash of what the row gives, computed in DuckDB alone and never in JavaScript.
 */
export interface SheetStore {
  /**
   * Makes `table` the rows of a sheet. A row's identity is its `key` column, or else a hash of `identity` columns and the
   * occurrence number among equal ones; results of earlier versions follow it. Duplicate keys are an error with the value.
   */
  openFrame(call: { sheet: string; table: Table; key: string | null; identity: readonly string[] }): Promise<Frame>;
  /** Values that the sheet's `with` computes for rows by expressions that are not plain columns: one a row, in order, from row `from`. */
  putBinding(call: {
    frame: string;
    name: string;
    version: string;
    from: number;
    values: readonly Datum[];
  }): Promise<void>;
  /** Whether a binding of this version covers every row. */
  hasBinding(call: { frame: string; name: string; version: string }): Promise<boolean>;

  /** Rows `from … to` of a frame as columns: identity, and the columns asked for. */
  page(call: { frame: string; from: number; to: number; columns: readonly string[] }): Promise<FramePage>;
  /** Rows by their identities, in the order given. */
  pageOf(call: { frame: string; rows: readonly string[]; columns: readonly string[] }): Promise<FramePage>;

  /**
   * For rows `from … to` of a node and each variant: the input hash now, what is stored, whether it is fresh by key and
   * input, and upstream results of the same row. Upstream nodes must be nodes of the same sheet.
   */
  work(call: {
    frame: string;
    node: NodeSpec;
    from: number;
    to: number;
    rows?: readonly string[];
  }): Promise<readonly WorkItem[]>;
  /** Keeps results, replacing what was at the same place. */
  put(call: { sheet: string; node: string; results: readonly StoredResult[] }): Promise<void>;
  /** Locked and edited values of people, by row and variant: they stand before results. Replaces all of the node. */
  setOverrides(call: { sheet: string; node: string; overrides: readonly Override[] }): Promise<void>;

  /** Counts by variant, from keys alone (`exact: false`, at once) or with inputs and upstream states (`exact: true`). */
  freshness(call: {
    frame: string;
    nodes: readonly NodeSpec[];
    node: string;
    exact: boolean;
  }): Promise<readonly VariantCounts[]>;
  /** State of each row `from … to` of a node by variant, exactly. */
  states(call: {
    frame: string;
    nodes: readonly NodeSpec[];
    node: string;
    from: number;
    to: number;
  }): Promise<readonly RowState[]>;
  /** Results of rows `from … to`, overrides applied. */
  results(call: {
    frame: string;
    node: string;
    variants: readonly Coordinates[];
    from: number;
    to: number;
  }): Promise<readonly StoredResult[]>;

  /** The table of a sheet: its rows' columns and a column for each node without axes (a node with axes at the chosen variant). */
  wideTable(call: { frame: string; nodes: readonly NodeSpec[] }): Promise<Table>;
  /** The table of one node: a record an address, with the row's columns, axes, `repeat`, the value's fields, what it reads, and `meta`. */
  longTable(call: { frame: string; nodes: readonly NodeSpec[]; node: string }): Promise<Table>;
  /** Keys that are stored for a node, with their text, so that a reason for staleness can be said. */
  keys(call: { sheet: string; node: string }): Promise<readonly { key: string; rows: number }[]>;
}

export interface Frame {
  readonly frame: string;
  readonly rowCount: number;
}

export interface FramePage {
  readonly rows: readonly string[];
  /** A list for each column asked for. */
  readonly columns: readonly (readonly Datum[])[];
}

/** A column of a sheet as the store needs it. */
export interface NodeSpec {
  /** The cell's name within the sheet, `topic`. */
  readonly node: string;
  /** Each variant with its expected key text, `null` where the key cannot be known (something it reads outside the sheet is stale). */
  readonly variants: readonly { readonly at: Coordinates; readonly key: string | null }[];
  /** What the row gives it, in a fixed order. */
  readonly inputs: readonly NodeInput[];
}

export type NodeInput =
  | { readonly type: "column"; readonly column: string }
  | { readonly type: "binding"; readonly name: string; readonly version: string }
  /** Another node's result at this row and at the variant whose coordinates agree with `at`; `axes` are those it has. */
  | { readonly type: "node"; readonly node: string; readonly axes: readonly string[]; readonly at?: Coordinates };

export type Outcome = "ok" | "error" | "skipped" | "blocked" | "cancelled" | "partial";

export interface StoredResult {
  readonly row: string;
  readonly at: Coordinates;
  /** The column's key text at which it was computed. */
  readonly key: string;
  /** The input hash at which it was computed, as `work` gave it. */
  readonly input: string;
  readonly outcome: Outcome;
  /** The value as JSON text of a `Value`, null where there is none. */
  readonly value: string | null;
  readonly valueHash: string | null;
  /** A `CellError` as JSON text. */
  readonly error: string | null;
  readonly calls: readonly CallFacts[];
}

export interface Override {
  readonly row: string;
  readonly at: Coordinates;
  readonly type: "locked" | "edited";
  readonly value: string;
  readonly valueHash: string;
}

export interface WorkItem {
  readonly row: string;
  readonly ordinal: number;
  readonly at: Coordinates;
  /** Null where something upstream in the sheet has no current result: then nothing can be computed yet. */
  readonly input: string | null;
  readonly stored: { readonly outcome: Outcome; readonly fresh: boolean; readonly valueHash: string | null } | null;
  readonly override: "locked" | "edited" | null;
  /** Upstream results of this row, in the order of the node's `node` inputs. */
  readonly upstream: readonly (
    | (Pick<StoredResult, "outcome" | "value" | "valueHash" | "error"> & { readonly calls: readonly CallFacts[] })
    | null
  )[];
}

export type RowFreshness = "never" | "current" | "stale-key" | "stale-input" | "stale-upstream" | "locked" | "edited";

export interface VariantCounts {
  readonly at: Coordinates;
  readonly counts: { readonly [state in RowFreshness]?: number };
  readonly outcomes: { readonly [outcome in Outcome]?: number };
}

export interface RowState {
  readonly row: string;
  readonly at: Coordinates;
  readonly freshness: RowFreshness;
  readonly outcome: Outcome | null;
  /** Names of inputs and nodes of the sheet because of which it is stale. */
  readonly because: readonly string[];
}
