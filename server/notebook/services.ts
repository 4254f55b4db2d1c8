import type { Address } from "./address.ts";
import type { Datum, Message, NewColumn, StoredFile, Table, Value } from "./value.ts";

/**
 * What a running cell may call. Everything takes and gives plain data, so that a kind may live in another process.
 * The runner passes real ones in; a test passes fakes.
 */
export interface Services {
  /** Sends a request to a model through the journal; equal requests share one answer. */
  chat(call: ChatCall): Promise<ChatAnswer>;
  /** Embeds texts: one vector a text, in order, unit length. Of a run's addresses those that ask for the same texts at a time share one request. */
  embed(call: EmbedCall): Promise<readonly Float32Array[]>;
  /** Whether a model answers messages or embeds texts. Rejects with `model.unknown` for a name that no model has. */
  modelKind(model: string): Promise<ModelKind>;
  /** The `k` rows of a table nearest to each query text, best first, with their scores. */
  nearest(call: NearestCall): Promise<readonly (readonly Hit[])[]>;
  /** Runs one SQL statement in the query process and keeps its result as a table. */
  query(call: QueryCall): Promise<Table>;
  /** Runs the body of a function in the sandbox and gives what it returns. */
  javascript(call: JavascriptCall): Promise<Datum>;
  /** Rows of a table, from `offset`, at most `limit`. */
  rows(table: Table, offset: number, limit: number): Promise<readonly (readonly Datum[])[]>;
  /**
   * The numbers of the rows of a table, from 0 and ascending, for which a condition in SQL over its columns holds. Values of its
   * `$name` are parameters. It may reach what a query may: no other table.
   */
  admitted(
    table: Table,
    where: string,
    parameters: QueryCall["parameters"],
    signal?: AbortSignal,
  ): Promise<Uint32Array>;
  /** Keeps rows as a table; columns are found from the rows where they are not given. */
  table(rows: readonly { readonly [column: string]: Datum }[], columns?: readonly NewColumn[]): Promise<Table>;
  /** Imports a dataset file of the workspace (CSV, JSON, JSONL, Parquet) as a table. Fails where two rows have one `key`, or a row none. */
  importFile(path: string, options?: { readonly encoding?: string; readonly key?: string }): Promise<Table>;
  /** Parses text of a data cell as a table, whose `key` must tell rows apart as well. */
  importText(
    text: string,
    format: "csv" | "json" | "jsonl" | "yaml",
    options?: { readonly key?: string },
  ): Promise<Table>;
}

/** What a model gives for a text: an answer, or a vector. */
export type ModelKind = "chat" | "embedding";

/** Whether somebody waits for this one answer, or for all of a sheet's or a run's: those let the others go first. Interactive where absent. */
export type Priority = "interactive" | "batch";

/** A request as the call key has it, and where its answer goes. */
export interface ChatCall {
  /** The model's full name, `provider/model`. */
  readonly model: string;
  readonly messages: readonly Message[];
  /** Full names of the models that answer where the provider of the first is down, in order; no part of the call key. */
  readonly fallbacks?: readonly string[];
  /** Text to be continued instead of messages, for base models. */
  readonly completion?: string;
  readonly parameters: ModelParameters;
  /** JSON Schema the answer must have. */
  readonly schema?: Datum;
  /** Images that go with a message of the user. */
  readonly images?: readonly CallImage[];
  /** The number of the message they stand in, from 0; the user's last where absent. */
  readonly imageMessage?: number;
  /** The place of the result this call is for, and the step within it (0, a repair 1, …). */
  readonly address: Address;
  readonly step: number;
  /** The label of the `repeat` dimension, 0 without one: part of the call key, so that repeats are different calls. */
  readonly repeat: number;
  readonly signal?: AbortSignal;
  /** Called with the text so far as it streams; it may be seen before it is committed. */
  readonly onText?: (text: string) => void;
}

/** An image of a call: a kept file, or one that stands in a table's cell and is kept when it is sent. */
export interface CallImage extends StoredFile {
  /** Its bytes, where they may not be kept yet. */
  readonly base64?: string;
}

/** The parameters people set, under one name for all providers. Unset ones are left to the provider. */
export interface ModelParameters {
  readonly temperature?: number;
  readonly top_p?: number;
  readonly max_tokens?: number;
  readonly stop?: readonly string[];
  readonly seed?: number;
  /** How long a reasoning model thinks: the provider's word, `low`, `medium`, `high`, … */
  readonly reasoning_effort?: string;
  /** Which of a provider's protocols carries the call, where it has several; the model's name decides where absent. */
  readonly api?: "chat" | "responses";
}

export interface ChatAnswer {
  readonly text: string;
  readonly finish: "stop" | "length" | "content-filter" | "other";
  readonly call: CallFacts;
}

/**
 * What is known about one call, shown beside its answer. Cost and latency are those of the call that made the answer, so that
 * variants can be compared from the cache too; what a run spent is the sum over the calls that are not `cached`.
 */
export interface CallFacts {
  readonly key: string;
  /** The model that really answered. */
  readonly model: string;
  readonly usage: Usage;
  /** US dollars; null where the price is not known. */
  readonly cost: number | null;
  /** Milliseconds from sending to the end of the answer. */
  readonly latency: number;
  /** True where the journal or an equal call in flight had the answer: nothing was sent or paid for this one. */
  readonly cached: boolean;
  /** True where the answer ended at the most tokens it may have, and not by itself. */
  readonly cutOff?: true;
  /** True where texts were embedded, and nothing was answered. */
  readonly embeds?: true;
}

/**
 * Tokens by kind; absent where the provider does not say. `cachedInput` and `cacheWrite` are part of `input`, `reasoning` of
 * `output`; `audio` and `image` are those of sound and pictures in both together.
 */
export interface Usage {
  readonly input?: number;
  readonly output?: number;
  readonly cachedInput?: number;
  readonly cacheWrite?: number;
  /** Those of `cacheWrite` that are kept for an hour, which have a price of their own. */
  readonly hourCacheWrite?: number;
  readonly reasoning?: number;
  readonly audio?: number;
  readonly image?: number;
  /** Those of `audio` and `image` that are the answer's, which have a price of their own. */
  readonly outputAudio?: number;
  readonly outputImage?: number;
}

export interface EmbedCall {
  readonly model: string;
  readonly texts: readonly string[];
  /** What it is for. */
  readonly address?: Address;
  readonly priority?: Priority;
  readonly signal?: AbortSignal;
}

export interface NearestCall {
  readonly table: Table;
  /** The column whose text is searched. */
  readonly text: string;
  readonly queries: readonly string[];
  readonly k: number;
  readonly mode: "semantic" | "keyword" | "hybrid";
  readonly model: string;
  /** The numbers of the rows that may be found, ascending; all where absent. */
  readonly within?: Uint32Array;
  /** What it is for. */
  readonly address?: Address;
  /** The addresses it is for as well: where some are cancelled, it goes on for those that are left. Each has the query at its place. */
  readonly others?: readonly Address[];
  /** What an index that is made first is for; `address` where absent. */
  readonly indexFor?: Address;
  readonly priority?: Priority;
  readonly signal?: AbortSignal;
  /** Told how many of how many rows the index has, where it is made first. */
  readonly onIndex?: (done: number, total: number) => void;
}

export interface Hit {
  /** The row's number in the table, from 0. */
  readonly row: number;
  readonly score: number;
}

/** What a computation takes for the time and for chance: with equal ones, equal input gives equal output. */
export interface Moment {
  /** Milliseconds since 1970. It stands still. */
  readonly clock: number;
  /** What random numbers begin from: a whole number from 0 to 2^32 - 1. */
  readonly seed: number;
}

/** What a computation is for, and so when it is: its run gives every address a moment. */
interface Placed {
  readonly address?: Address;
  /** The machine's own time and chance where nothing is given. */
  readonly moment?: Moment;
}

export interface QueryCall extends Placed {
  readonly sql: string;
  /** The tables the statement may read, by the names it uses: `tickets`, `triage.correct`, `banking77/train.csv`. */
  readonly tables: { readonly [name: string]: Table };
  /** Values of `$name`. */
  readonly parameters: { readonly [name: string]: Datum };
  readonly signal?: AbortSignal;
  /** Milliseconds after which the query is stopped with `sql.deadline`; without it, as many as the workspace's tables give. */
  readonly deadline?: number;
}

export interface JavascriptCall extends Placed {
  readonly source: string;
  /** Values by the names the source uses; tables are iterators of row objects. */
  readonly inputs: { readonly [name: string]: Value };
  readonly signal?: AbortSignal;
}
