import type { Coordinates } from "#server/notebook/address.ts";
import type { CallFacts } from "#server/notebook/services.ts";
import type { Datum, Table } from "#server/notebook/value.ts";
import type { FrameChanges } from "./frame-changes.ts";
import type { CellPlace, SheetViews } from "./sheet-views.ts";

/**
 * The live results of sheets, in DuckDB: cache, rebuilt from the journal. Freshness of a big sheet is two columns of each
 * result: `key`, the column's part of the cell key (configuration, source, model, shared inputs), an integer that stands for
 * its text, and `input`, a hash of what the row gives, computed in DuckDB alone and never in JavaScript.
 */
export interface SheetStore extends SheetViews {
  /**
   * Makes `table` the rows of a sheet. A row's identity is its `key` column's text, with a path that of a member of it, or else a 128-bit hash of the texts of
   * the `identity` columns, in hex, with `.2`, `.3` … for the later ones among equal rows; results of earlier versions
   * follow it. Duplicate and empty keys are errors that name them. The same call again gives the same frame at once; the
   * last three frames of a sheet can be read, an older one is the error `sheet.frame`.
   */
  openFrame(call: {
    sheet: string;
    table: Table;
    key: string | null;
    keyPath?: readonly string[];
    identity: readonly string[];
  }): Promise<Frame>;
  /** How the rows of a frame differ from those of one before it. Throws `sheet.frame`. */
  frameChanges(call: { before: string; after: string }): Promise<FrameChanges>;
  /**
   * Values that the sheet's `with` computes for rows by expressions that are not plain columns: one a row, in order, from
   * row `from`. The values of one version are always the same: once every row has one, more are not looked at.
   */
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
  /** Rows by their identities, in the order given; rows the frame does not have are left out. */
  pageOf(call: { frame: string; rows: readonly string[]; columns: readonly string[] }): Promise<FramePage>;

  /**
   * For rows of a node and each variant: the input hash now, what is stored, whether it is current, and upstream results of
   * the same row. By row, then in the order of the variants.
   */
  work(call: { frame: string; nodes: readonly NodeSpec[]; node: string } & RowRange): Promise<readonly WorkItem[]>;
  /** Keeps results, replacing what was at the same place; among equal places the last one counts. All are kept or none. */
  put(call: { sheet: string; node: string; results: readonly StoredResult[] }): Promise<void>;
  /** Locked and edited values of people, by row and variant: they stand before results. Replaces all of the node. */
  setOverrides(call: { sheet: string; node: string; overrides: readonly Override[] }): Promise<void>;

  /**
   * Counts by variant, from keys alone (`exact: false`, at once) or with inputs and upstream states (`exact: true`). From
   * keys alone, a result is held for current unless its key differs or nothing upstream can be current.
   */
  freshness(call: {
    frame: string;
    nodes: readonly NodeSpec[];
    node: string;
    exact: boolean;
  }): Promise<readonly VariantCounts[]>;
  /** State of each row of a range by variant, exactly. */
  states(call: { frame: string; nodes: readonly NodeSpec[]; node: string } & RowRange): Promise<readonly RowState[]>;
  /** What is stored for the rows of a range, fresh or not, overrides applied; nothing for an address without either. */
  results(
    call: { frame: string; node: string; variants: readonly Coordinates[] } & RowRange,
  ): Promise<readonly ShownResult[]>;

  /**
   * The table of a sheet: its rows' columns, then a column for each of `columns`, a node at one of its variants. A value
   * that is not current, locked or edited is null, so that nothing stale is counted. With `cells` the table has its `outcomes`.
   */
  wideTable(call: {
    frame: string;
    nodes: readonly NodeSpec[];
    columns: readonly { readonly node: string; readonly at: Coordinates }[];
    cells?: SheetCells;
  }): Promise<Table>;
  /**
   * The table of one node, a record an address, by row and then in the order of the variants. Its columns: the row's; the
   * axes and `repeat` (`BIGINT` or `DOUBLE` where every label is such a number, otherwise text); the value's fields (an
   * object's in alphabetical order, or `score`, `pass`, `reason` and a score for each check) or else the value under the
   * node's name; the values of the nodes it reads; `meta` (`cost` in US dollars, null where a call is unpriced, `input_tokens`, `output_tokens`, `cut_off`,
   * `latency` in milliseconds, `cached`, `calls`, `model` of the first call, `state`, `outcome`, `error`; of repeats that are made one value, of their calls together). Of results that are not current, locked
   * or edited there is only `meta.state`. A name that is taken, in this order and whatever its case, is prefixed with the
   * node's name and `_`, and numbered where that is taken too. With `where` only the addresses whose coordinates agree with it.
   */
  longTable(call: {
    frame: string;
    nodes: readonly NodeSpec[];
    node: string;
    where?: Coordinates;
    cells?: SheetCells;
  }): Promise<Table>;
  /**
   * Figures over the addresses of a node whose coordinates agree with `where`, from current, locked and edited results
   * only. `field` is an object's field, a score's `score`, `pass` or a check; null is the value itself, or a score's score.
   * Numbers count as they are, true as 1, false as 0, anything else as no number.
   */
  aggregate(call: {
    frame: string;
    nodes: readonly NodeSpec[];
    node: string;
    where: Coordinates;
    field: string | null;
    /** Where the single numbers are wanted as well, for each of the node's variants the results whose calls they came of; null where not. */
    answers: readonly (readonly CellPlace[])[] | null;
  }): Promise<Aggregate>;
  /** Keys that are stored for a node, with their text and how many results have each, so that a reason for staleness can be said. */
  keys(call: { sheet: string; node: string }): Promise<readonly { key: string; rows: number }[]>;
  /** Drops a sheet with its rows and results, where it was one request's alone. Nothing of it may be under way. */
  forget(call: { sheet: string }): Promise<void>;
  /** Gives all sheets whose names begin with `from` names that begin with `to`, in place of those that have such; rows that are open are to be opened again. */
  move(call: { from: string; to: string }): Promise<void>;
}

/** The cells of nodes, by the nodes' names: whose outcomes a table is to have. */
export type SheetCells = { readonly [node: string]: SheetCell };

export interface SheetCell {
  /** What the cell is called outside the sheet. */
  readonly id: string;
  /** Whether its errors are values to who reads it. */
  readonly continues: boolean;
}

/** Rows by place, from `from` to before `to`, counted from 0; of these only the ones named by `rows`, where it is given. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
  readonly rows?: readonly string[];
}

export interface Frame {
  readonly frame: string;
  readonly rowCount: number;
}

export interface FramePage {
  readonly rows: readonly string[];
  /** A list for each column asked for. */
  readonly columns: readonly (readonly Datum[])[];
  /** Of the columns that are another sheet's cells and lack values, why, as `Table.outcomes` has it. */
  readonly outcomes: { readonly [column: string]: readonly (string | null)[] };
}

/** A column of a sheet as the store needs it. */
export interface NodeSpec {
  /** The cell's name within the sheet, `topic`. */
  readonly node: string;
  /** Each variant with its expected key text, `null` where the key cannot be known (something it reads outside the sheet is stale). */
  readonly variants: readonly { readonly at: Coordinates; readonly key: string | null }[];
  /** What the row gives it, in a fixed order. */
  readonly inputs: readonly NodeInput[];
  /** True where each row hangs on what all rows give: then that is every row's input. */
  readonly overRows?: true;
  /** Where its values are scores, the names of their checks: then the columns of its tables are a score's, also before there is one. */
  readonly checks?: readonly string[];
  /** What its values will be, as `json_transform` takes it, for what there is no value of; text where nothing is said. */
  readonly type?: Datum;
}

export type NodeInput =
  /** `typed` where the node sees the column's type too: then the values of another type are others, though they say the same. */
  | { readonly type: "column"; readonly column: string; readonly typed?: true }
  | { readonly type: "binding"; readonly name: string; readonly version: string }
  /** Another node's result at this row and at the variant whose coordinates agree with `at`; `axes` are those it has. */
  | { readonly type: "node"; readonly node: string; readonly axes: readonly string[]; readonly at?: Coordinates };

export type Outcome = "ok" | "error" | "skipped" | "blocked" | "cancelled" | "partial";

export interface StoredResult {
  readonly row: string;
  readonly at: Coordinates;
  /** The column's key text at which it was computed. */
  readonly key: string;
  /** The input at which it was computed, as `work` gave it: opaque text with a hash of the whole and of each part. */
  readonly input: string;
  readonly outcome: Outcome;
  /** The value as JSON text of a `Value`, null where there is none. */
  readonly value: string | null;
  readonly valueHash: string | null;
  /** A `CellError` as JSON text. */
  readonly error: string | null;
  readonly calls: readonly CallFacts[];
}

/** A result as it is shown. An override without a result below it has an empty `key` and `input` and no calls. */
export interface ShownResult extends StoredResult {
  readonly override: "locked" | "edited" | null;
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
  readonly stored: (Pick<StoredResult, "outcome" | "valueHash" | "error"> & { readonly fresh: boolean }) | null;
  readonly override: "locked" | "edited" | null;
  /** Upstream results of this row, in the order of the node's `node` inputs; null where there is none that is current, locked or edited. */
  readonly upstream: readonly (
    | (Pick<StoredResult, "outcome" | "value" | "valueHash" | "error"> & {
        readonly calls: readonly CallFacts[];
        readonly override?: "locked" | "edited";
      })
    | null
  )[];
}

export type RowFreshness = "never" | "current" | "stale-key" | "stale-input" | "stale-upstream" | "locked" | "edited";

export interface VariantCounts {
  readonly at: Coordinates;
  readonly counts: { readonly [state in RowFreshness]?: number };
  readonly outcomes: { readonly [outcome in Outcome]?: number };
  /** Of the current, locked and edited ones. */
  readonly settled: { readonly [outcome in Outcome]?: number };
  /** How many of the blocked are so because of errors alone; 0 where it was not asked for exactly. */
  readonly failed: number;
}

export interface RowState {
  readonly row: string;
  readonly at: Coordinates;
  readonly freshness: RowFreshness;
  readonly outcome: Outcome | null;
  /** Names of inputs and nodes of the sheet because of which it is stale by its input or upstream. */
  readonly because: readonly string[];
  /** The key text of what is stored, where that is why it is stale: its difference from the expected one is the reason. */
  readonly storedKey: string | null;
}

export interface Aggregate {
  /** N: rows × variants, whatever their state. */
  readonly addresses: number;
  readonly freshness: { readonly [state in RowFreshness]?: number };
  /** Of the current, locked and edited ones. */
  readonly settled: number;
  readonly outcomes: { readonly [outcome in Outcome]?: number };
  /** How many of the settled that are blocked are so because of errors alone. */
  readonly failed: number;
  /** Settled, with outcome `ok`, and yet no number. */
  readonly unscored: number;
  /** Settled, with outcome `ok`, and a value (or where a field is asked for, that) that is not null. */
  readonly present: number;
  /** Settled, with outcome `ok`, and a list or a table (or where a field is asked for, that), which is no number. */
  readonly lists: number;
  /** Where a field is asked for that none of the settled values has: the names of those they have. Null otherwise. */
  readonly lacking: readonly string[] | null;
  /** How many numbers there are; of none, `mean`, `min` and `max` are null. */
  readonly n: number;
  readonly sum: number;
  readonly mean: number | null;
  readonly sumOfSquares: number;
  readonly min: number | null;
  readonly max: number | null;
  /** By row, then in the order of the variants; empty where they were not asked for. */
  readonly values: readonly AggregateValue[];
}

export interface AggregateValue {
  readonly row: string;
  readonly at: Coordinates;
  readonly value: number;
  /** Equal where it came of the same calls; null where it came of none. */
  readonly calls: string | null;
}
