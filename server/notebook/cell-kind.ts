import type { z } from "zod";
import type { Address, Coordinates } from "./address.ts";
import type { CellForm } from "./cell-forms.ts";
import type { CallFacts, Services } from "./services.ts";
import type { Cell, Diagnostic, ModelSetting } from "./notebook.ts";
import type { CellError, Datum, Table, Value } from "./value.ts";
import type { ValueType } from "./value-type.ts";

/**
 * What a kind of cell is: a pure declaration, and `run`. The declaration is imported by the browser as well.
 * Adding a kind is one file with `defineCellKind` and one line in `server/cells/index.ts`.
 */
export interface CellKind<Configuration = unknown> {
  /** The word in the fence. */
  readonly kind: string;
  /** Raised when equal configuration and source come to mean something else: part of every cell key. */
  readonly version: number;
  readonly title: string;
  /** One sentence for the insert menu. */
  readonly description: string;
  /** The language of the body; it decides how references are found, renamed and completed. */
  readonly body: CellForm["body"];
  /** The configuration after its `=` fields have been computed. Common keys are not its business. */
  readonly configuration: z.ZodType<Configuration>;
  /** The form of the configuration, as data. */
  readonly fields: readonly Field[];
  /** What a new cell has between its fence lines, made of what stands near it; nothing where a kind does not say. */
  readonly starter?: (near: NearCells) => string;
  readonly effect: (cell: Pick<Cell, "configuration" | "source">) => Effect;
  /** What is wrong with its body beyond what the body's language says, with places in the source: told before anything runs. */
  readonly bodyProblems?: (cell: Pick<Cell, "configuration" | "source">) => readonly Diagnostic[];
  /** What is known of its value beforehand, for those who call a published notebook and for tables of what has no value yet; plain data of any form where absent. */
  readonly valueType?: (cell: Pick<Cell, "configuration" | "source">) => ValueType;
  /** Names the kind itself gives its body and the fields it computes: `output` in a score's code, `item` in a filter. */
  readonly provides?: readonly string[];
  /** Fields of its own that are read before anything is computed: an expression in them is worked out from the notebook's inputs. */
  readonly early?: readonly string[];
  /** Conditions whose `=` expressions the kind computes itself, for each of its own things: `filter` of retrieve. */
  readonly deferred?: readonly string[];
  /** True: the first computation makes what later ones use, such as an index or a process, so that how long it took says nothing of them. */
  readonly warmsUp?: boolean;
  /** True: what it says is open until all results are settled of which what it reads is made. */
  readonly covers?: boolean;
  /** True: computed for all rows of a sheet in one batch. Default: in batches as rows become ready. */
  readonly wholeColumn?: boolean;
  /** Computes a batch of addresses, in any order. Throwing fails what is left of the batch with that error. */
  readonly run: (batch: Batch<Configuration>, services: Services) => AsyncIterable<ItemEvent> | Iterable<ItemEvent>;
  /** The calls an item would make, without making them: for estimates and for asking the journal. Only kinds that call models have it. */
  readonly calls?: (item: Item<Configuration>, source: string) => readonly PlannedCall[];
  /** What an item would have embedded, without doing it: for estimates. Only kinds that embed have it. */
  readonly embeds?: (item: Item<Configuration>, source: string) => readonly PlannedEmbedding[];
  /**
   * What items would send besides, each, where that is made of what a search finds: the services send nothing, and reject with
   * `retrieval.to-come` a search that has something to embed first. Null for an item that cannot be put together.
   */
  readonly planBatch?: (
    items: readonly Item<Configuration>[],
    services: Services,
  ) => Promise<readonly (PlannedWork | null)[]>;
}

/** What a new cell can begin with: names of the notebook, nearest first. */
export interface NearCells {
  readonly inputs: readonly string[];
  /** Models by their short or their whole name; never empty. */
  readonly models: readonly [string, ...string[]];
  /** Cells that give a table, with its columns as far as they are known. */
  readonly tables: readonly { readonly name: string; readonly columns: readonly string[] }[];
  /** Cells that give another value. */
  readonly values: readonly string[];
}

/** How the text of a cell is read: `template` and `messages` are the expression language's, `expressions` one a line, `checks` a score's list. */
export type BodyLanguage =
  | "template"
  | "messages"
  | "expression-sql"
  | "sql"
  | "javascript"
  | "expressions"
  | "checks"
  | "data"
  | "cells"
  | "none";

/** `pure` and `local` run by themselves, `model` and `paid` wait for a hand, `external` is never automatic and never shared. */
export type Effect = "pure" | "local" | "model" | "paid" | "external";

/** One field of a kind's form. */
export interface Field {
  readonly key: string;
  readonly label: string;
  readonly control:
    | "text"
    | "number"
    | "toggle"
    | "choice"
    | "list"
    | "model"
    | "cell"
    | "cells"
    | "schema"
    | "mapping"
    | "expression"
    | "file";
  readonly options?: readonly string[];
  readonly help?: string;
}

export interface Batch<Configuration> {
  /** The cell's path, `triage.correct`. */
  readonly cell: string;
  readonly source: string;
  readonly items: readonly Item<Configuration>[];
  /** DuckDB's types of the names that have one, whether there is a value or not: the row's columns, and cells whose values have a type. */
  readonly types?: { readonly [name: string]: string };
  readonly signal: AbortSignal;
}

/** One address to compute, with everything it reads. */
export interface Item<Configuration> {
  readonly address: Address;
  readonly configuration: Configuration;
  /** Values by the name as it is written: `message`, `topic`, `triage.correct`. A tolerated skipped one is absent. */
  readonly inputs: { readonly [name: string]: Value };
  /** Names that are read tolerantly and were skipped; a column of the row that another sheet's cell has not filled is `row.topic`. */
  readonly skipped: readonly string[];
  /** The current row inside a sheet; null outside. */
  readonly row: { readonly [column: string]: Datum } | null;
  /** The current label's value of each axis this address is on. */
  readonly vary: { readonly [axis: string]: Datum };
  /** Facts of the results named by `meta(…)`. */
  readonly meta: { readonly [name: string]: { readonly [fact: string]: Datum } };
  /** All results of what an aggregate reads, by the name it is read under. */
  readonly results: { readonly [name: string]: ResultSummary };
  /** For a kind that covers what it reads: the counts of the results behind a value, by the name it is read under. */
  readonly covered: { readonly [name: string]: readonly CoveredResults[] };
  /** The model of this address with the parameters its short name sets; null for kinds without one. */
  readonly model: ModelSetting | null;
  /** The `repeat` label as a number from 0; 0 without the dimension. */
  readonly repeat: number;
}

/** Results over rows and axes as an aggregate sees them: settled ones only, and how many there are of each sort. */
export interface ResultSummary {
  /** The node's path, and the labels `.at` fixed. */
  readonly cell: string;
  readonly at: Coordinates;
  /** The dimensions an aggregate removes, with their sizes. */
  readonly dimensions: readonly { readonly name: string; readonly size: number }[];
  /** Addresses in all; those with a settled result; those of them with an error, skipped, or without a number. */
  readonly total: number;
  readonly settled: number;
  readonly errors: number;
  readonly skipped: number;
  readonly unscored: number;
  /** Settled ones with a value that is not null, be it a number or not: what `count` counts. */
  readonly present: number;
  /** The numbers (a score's score, true as 1), one an address, in the order of the rows; `row` and `at` tell pairs, `calls` equal requests. */
  readonly values: readonly ResultNumber[];
  /** Of the only result there is, outside of rows and axes, the list or table that it is: an aggregate is of its elements. */
  readonly elements?: ResultElements;
  /** How many of several settled ones are lists or tables, of which an aggregate has no number. */
  readonly lists?: number;
  /** Where a field is asked for that none of the settled ones has: the names that they have in its place. */
  readonly lacking?: readonly string[];
}

/** What an aggregate of one result goes over: a list, or a table's rows or one column of them. */
export type ResultElements =
  | { readonly type: "list"; readonly items: readonly Datum[] }
  | { readonly type: "table"; readonly table: Table; readonly column: string | null };

/** How much there is of results of which a value is made. */
export interface CoveredResults {
  readonly summary: ResultSummary;
  /** Which column of it they are, where the value is a sheet's own table; else null. */
  readonly column: string | null;
}

export interface ResultNumber {
  /** Null outside sheets. */
  readonly row: string | null;
  /** The label of each of the cell's axes. */
  readonly at: Coordinates;
  readonly value: number;
  /** Equal where answers came of the same calls: they count as one cluster. Null where it came of none. */
  readonly calls: string | null;
}

/** What `run` yields: one terminal event an item (`value`, `error` or `waiting`), `text` any number of times before. `item` is its place in the batch. */
export type ItemEvent =
  | {
      readonly type: "value";
      readonly item: number;
      readonly value: Value;
      readonly calls?: readonly CallFacts[];
      readonly partial?: boolean;
    }
  | { readonly type: "text"; readonly item: number; readonly text: string }
  | { readonly type: "error"; readonly item: number; readonly error: CellError; readonly calls?: readonly CallFacts[] }
  | { readonly type: "waiting"; readonly item: number; readonly on: WaitingOn };

/** What something waits for; `resume(address, value)` continues it. */
export interface WaitingOn {
  readonly reason: "licence" | "budget" | "batch" | "person";
  /** What would be agreed to or awaited, `local/gemma-3-270m`. */
  readonly subject: string;
  readonly message: string;
}

/** A call as it would be made: enough for its key and for an estimate. */
export type PlannedCall = Omit<import("./services.ts").ChatCall, "address" | "step" | "signal" | "onText">;

/** What an item would send. */
export interface PlannedWork {
  readonly calls: readonly PlannedCall[];
  readonly embeds: readonly PlannedEmbedding[];
  /**
   * Set where that is not all it sends: texts that are known beforehand stand in its calls for those it will find, what it finds decides
   * whether it calls at all, or it fails at its model.
   */
  readonly unsure?: "stands in" | "open" | "fails";
}

/** What a model would embed: texts each time, queries whose vectors are kept, or a whole column of a table, whose index is. */
export type PlannedEmbedding =
  | {
      readonly type: "texts" | "queries";
      readonly model: string;
      readonly texts: readonly string[];
      /** True where it may be fewer. */
      readonly atMost?: true;
    }
  | { readonly type: "column"; readonly model: string; readonly table: Table; readonly column: string };

/** Names the type of a kind's configuration from its schema, and changes nothing. */
export function defineCellKind<Configuration>(kind: CellKind<Configuration>): CellKind<Configuration> {
  return kind;
}

export type { Coordinates };
