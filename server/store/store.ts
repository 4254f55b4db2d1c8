import type { Datum, Table, Value } from "#server/notebook/value.ts";
import type { CellError } from "#server/notebook/value.ts";
import type { Range } from "#server/models/predict-total.ts";

/** The workspace's metadata, through Kysely: the same repositories over `node:sqlite` and Postgres. All state, none of it cache. */
export interface Store {
  readonly runs: Runs;
  readonly waits: Waits;
  readonly consents: Consents;
  readonly grants: Grants;
  readonly budgets: Budgets;
  readonly trusts: Trusts;
  readonly notebooks: NotebookRecords;
  readonly endpoints: Endpoints;
  readonly requests: Requests;
  close(): Promise<void>;
}

/** Results of cells outside sheets: cache. Deleting it costs a recomputation, never a paid call. */
export interface Results {
  /** The results of a notebook, in no order. */
  all(notebook: string): Promise<readonly CellResult[]>;
  /** Keeps results, replacing those of the same addresses, in one transaction. */
  put(notebook: string, results: readonly CellResult[]): Promise<void>;
  /** A notebook has another path: its results go along, in place of those that were there. */
  move(notebook: string, to: string): Promise<void>;
  close(): Promise<void>;
}

/** The result at one address outside sheets. */
export interface CellResult {
  /** `addressText` of it. */
  readonly address: string;
  readonly key: string;
  /** Canonical JSON of the parts of the key by name (`source`, `configuration`, an input's name …) with their hashes: what a reason names. */
  readonly parts: string;
  readonly outcome: "ok" | "error" | "skipped" | "blocked" | "cancelled" | "partial";
  readonly value: Value | null;
  readonly valueHash: string | null;
  readonly error: CellError | null;
  /** Facts of the calls made for it (`CallFacts`). */
  readonly calls: Datum;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Runs: immutable once ended. */
export interface Runs {
  begin(run: RunStart): Promise<void>;
  /** Adds results to a run, in one transaction; one at an address it has replaces it. `store.run-not-open` where the run has ended or never began. */
  record(run: string, results: readonly RunResult[]): Promise<void>;
  /** Ends a run for good: `store.run-not-open` the second time. */
  end(run: string, end: RunEnd): Promise<void>;
  get(run: string): Promise<(RunStart & { end: RunEnd | null }) | null>;
  /** Results in the order in which their addresses were first recorded. */
  results(run: string, page: { offset: number; limit: number }): Promise<readonly RunResult[]>;
  /** How many results are recorded of a run. */
  recorded(run: string): Promise<number>;
  /** Runs of a notebook, newest first. */
  list(notebook: string, limit: number): Promise<readonly (RunStart & { end: RunEnd | null })[]>;
  /** Runs of all notebooks without what is large of them, newest first. */
  recent(page: { offset: number; limit: number }): Promise<readonly RunSummary[]>;
}

/** What a list says of a run. */
export type RunSummary = Pick<RunStart, "id" | "notebook" | "scope" | "startedAt"> & {
  readonly end: RunEnd | null;
  /** How many of its results are errors. */
  readonly failed: number;
};

export interface RunStart {
  readonly id: string;
  readonly notebook: string;
  /** The notebook's whole text. */
  readonly text: string;
  /** Versions of the data, models and prices it used, by name. */
  readonly versions: Datum;
  readonly scope: Datum;
  readonly inputs: Datum;
  readonly startedAt: number;
  /** The time its computations saw, milliseconds since 1970, and what their random numbers began from; null for runs from before there were such. */
  readonly clock: number | null;
  readonly seed: number | null;
}

export interface RunEnd {
  readonly outcome: "done" | "cancelled" | "budget" | "failed" | "waiting";
  readonly endedAt: number;
  /** US dollars of the calls made whose price is known; null for runs from before they were summed up beside unpriced ones. */
  readonly cost: number | null;
  /** Calls made whose price is not known: where there are some, the truth is more than `cost`. Null where `cost` is. */
  readonly unpriced: number | null;
  readonly callsMade: number;
  readonly callsCached: number;
  /** Tokens in and out of the calls made, as far as their providers count them; null for runs from before they were kept. */
  readonly input: number | null;
  readonly output: number | null;
  /** What it was to come to, as it was last said before calls went out; null where nothing was. */
  readonly estimate: RunEstimate | null;
}

/** What was said of a run before it was made, in all. */
export interface RunEstimate {
  readonly calls: number;
  /** Addresses whose calls hung on answers to come. */
  readonly open: number;
  readonly input: Range;
  readonly output: Range;
  /** US dollars of what has a price. */
  readonly cost: Range;
  /** Models without a known price. */
  readonly unpriced: readonly string[];
  /** Null where a model had never been called. */
  readonly seconds: Range | null;
}

export interface RunResult {
  readonly address: string;
  readonly cellKey: string;
  readonly callKeys: readonly string[];
  readonly outcome: CellResult["outcome"];
  readonly score: number | null;
  readonly cost: number | null;
}

/** What waits, by address; one door out, `resume`. */
export interface Waits {
  /** Adds what waits, in place of what waited at the same address. */
  add(wait: Wait): Promise<void>;
  /** What waits in a notebook, longest first. */
  list(notebook: string): Promise<readonly Wait[]>;
  remove(notebook: string, address: string): Promise<void>;
}

export interface Wait {
  readonly notebook: string;
  readonly address: string;
  readonly reason: string;
  readonly subject: string;
  readonly message: string;
  readonly since: number;
}

/** What a person agreed to, a model's licence for one. */
export interface Consents {
  has(subject: string): Promise<boolean>;
  give(subject: string, text: string, at: number): Promise<void>;
  /** Every agreement with the text as it was shown, oldest first. */
  list(): Promise<readonly { subject: string; text: string; at: number }[]>;
}

/** What cells may spend on models without being asked, by notebook and name. */
export interface Grants {
  /** Grants a cell a budget, in place of what it had: nothing of it is spent yet. */
  give(grant: Omit<Grant, "spent">): Promise<void>;
  /** Adds US dollars to what has been spent of a grant; nothing where there is none. */
  book(notebook: string, cell: string, cost: number): Promise<void>;
  /** The grants of a notebook by the cells' names. */
  list(notebook: string): Promise<readonly Grant[]>;
  revoke(notebook: string, cell: string): Promise<void>;
  /** A cell has another name: its grant goes along, in place of one that was there. Nothing where it has none. */
  rename(notebook: string, cell: string, to: string): Promise<void>;
}

export interface Grant {
  readonly notebook: string;
  readonly cell: string;
  /** US dollars. */
  readonly budget: number;
  readonly grantedAt: number;
  readonly spent: number;
}

/** What may be spent in all, whoever spends it. */
export interface Budgets {
  /** Sets a budget, in place of what the subject had. */
  set(budget: Budget): Promise<void>;
  list(): Promise<readonly Budget[]>;
  remove(budget: Pick<Budget, "scope" | "subject">): Promise<void>;
}

export interface Budget {
  /** A day's of the workspace, a notebook's. */
  readonly scope: "day" | "notebook";
  /** The notebook's path; empty of a day's. */
  readonly subject: string;
  /** US dollars. */
  readonly amount: number;
  /** From when on calls count, milliseconds since 1970. */
  readonly since: number;
  /** What was spent of it before that, US dollars: under another path of its notebook. */
  readonly carried: number;
}

/** What is kept of notebooks by their paths. */
export interface NotebookRecords {
  /** A notebook has another path: its runs and what is published of it go along, and what waits in it, what was granted to its cells and whether it is trusted, in place of what was said of that path. */
  move(notebook: string, to: string): Promise<void>;
}

/** Which notebooks' cells may run by themselves. A notebook is known by its path, and at first sight by its text. */
export interface Trusts {
  /** Takes note of a notebook, and says whether it is trusted: at first sight where one with the same text was trusted. */
  meet(notebook: string, textHash: string, at: number): Promise<boolean>;
  /** Trusts a notebook; `textHash` is that of its text now. */
  trust(notebook: string, textHash: string, at: number): Promise<void>;
  /** A notebook is gone: one that comes to its path is a stranger. */
  forget(notebook: string): Promise<void>;
}

/** Published notebooks: immutable versions under a slug, and which of them is live. No version is ever changed or deleted. */
export interface Endpoints {
  /** Adds the next version of a slug, makes it live, and gives its number. `endpoint.slug-taken` where another notebook has the slug. */
  publish(version: Omit<EndpointVersion, "version">): Promise<number>;
  /** Makes a version live, as after a mistake in a later one. `endpoint.no-version` where there is none of that number. */
  makeLive(slug: string, version: number, at: number): Promise<void>;
  get(slug: string): Promise<Endpoint | null>;
  /** By slug. */
  list(): Promise<readonly Endpoint[]>;
  version(slug: string, version: number): Promise<EndpointVersion | null>;
  /** Newest first. */
  versions(slug: string): Promise<readonly EndpointVersion[]>;
  /** What was published and made live, oldest first. */
  changes(slug: string): Promise<readonly EndpointChange[]>;
  /** Hashes of the tables whose files versions need: nothing may delete these. */
  tables(): Promise<readonly string[]>;
}

export interface Endpoint {
  readonly slug: string;
  /** The notebook's path in the workspace. */
  readonly notebook: string;
  /** The number of the version that answers. */
  readonly live: number;
}

/** A notebook as it was published. */
export interface EndpointVersion {
  readonly slug: string;
  /** Counted from 1 within the slug. */
  readonly version: number;
  readonly notebook: string;
  /** The notebook's whole text. */
  readonly text: string;
  /** The models its outputs need by the names the notebook has for them. */
  readonly models: { readonly [name: string]: ResolvedModel };
  /** The dataset files its outputs read, as they were. */
  readonly datasets: readonly KeptDataset[];
  readonly note: string | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

export interface ResolvedModel {
  /** `provider/model`. */
  readonly model: string;
  /** What the call key has of it: provider, base URL, a local file's hash. */
  readonly identity: { readonly [part: string]: string };
}

/** A dataset file at one moment: the immutable table it was. */
export interface KeptDataset {
  /** Its path below `datasets`, with the encoding it is read in where the notebook says one. */
  readonly path: string;
  readonly encoding?: string;
  /** SHA-256 of the file's bytes. */
  readonly version: string;
  readonly table: Table;
}

export interface EndpointChange {
  readonly change: "published" | "made live";
  readonly version: number;
  readonly at: number;
}

/** Requests: calls of published notebooks, each a run of one version. */
export interface Requests {
  /**
   * Keeps a request that is under way, so that it can be asked for. With `once` it does so under a key, unless another began under
   * the same key of the slug at or after `since`: then it gives that one, and keeps nothing. Null where it has begun.
   */
  begin(request: RequestRecord, once?: RequestKey): Promise<{ readonly id: string; readonly body: string } | null>;
  /** Keeps a request as it is now. One that has ended stays as it ended. */
  put(request: RequestRecord): Promise<void>;
  get(id: string): Promise<RequestRecord | null>;
  /** Those that run or wait, oldest first. */
  open(): Promise<readonly RequestRecord[]>;
  /** Requests of a slug, newest first. */
  list(slug: string, limit: number): Promise<readonly RequestRecord[]>;
  /** Lets go of the key a request began under: the next one under it begins anew. */
  release(id: string): Promise<void>;
}

export interface RequestKey {
  readonly key: string;
  /** A hash of what was asked for. */
  readonly body: string;
  /** Keys given before (milliseconds since 1970) hold no longer. */
  readonly since: number;
}

/** A request with the record of its run. JSON is kept as the text it came or went as. */
export interface RequestRecord {
  /** The run's id. */
  readonly id: string;
  readonly slug: string;
  readonly version: number;
  /** `waited`: its caller waits for the answer; `async`: they ask for it later. */
  readonly mode: "waited" | "async";
  readonly status: "running" | "waiting" | "done" | "failed" | "cancelled";
  /** JSON of the inputs that were given. */
  readonly inputs: string;
  /** JSON of the answer; null while there is none. */
  readonly answer: string | null;
  /** JSON of what was computed, from which calls: `RunResult`s. */
  readonly results: string;
  /** JSON of what went wrong, for the one who published it: `{ address, error }`s, of equal errors in a column the first. */
  readonly errors: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** US dollars; null for unpriced. */
  readonly cost: number | null;
  readonly callsMade: number;
  readonly callsCached: number;
}
