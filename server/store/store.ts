import type { Datum, Value } from "#server/notebook/value.ts";
import type { CellError } from "#server/notebook/value.ts";

/** The workspace's metadata, through Kysely: the same repositories over `node:sqlite` and Postgres. All state, none of it cache. */
export interface Store {
  readonly runs: Runs;
  readonly waits: Waits;
  readonly consents: Consents;
  readonly grants: Grants;
  readonly trusts: Trusts;
  close(): Promise<void>;
}

/** Results of cells outside sheets: cache. Deleting it costs a recomputation, never a paid call. */
export interface Results {
  /** The results of a notebook, in no order. */
  all(notebook: string): Promise<readonly CellResult[]>;
  /** Keeps results, replacing those of the same addresses, in one transaction. */
  put(notebook: string, results: readonly CellResult[]): Promise<void>;
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
  /** Runs of a notebook, newest first. */
  list(notebook: string, limit: number): Promise<readonly (RunStart & { end: RunEnd | null })[]>;
  /** Runs of all notebooks without what is large of them, newest first. */
  recent(page: { offset: number; limit: number }): Promise<readonly RunSummary[]>;
}

/** What a list says of a run. */
export type RunSummary = Pick<RunStart, "id" | "notebook" | "scope" | "startedAt"> & { readonly end: RunEnd | null };

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
  readonly cost: number | null;
  readonly callsMade: number;
  readonly callsCached: number;
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
}

export interface Grant {
  readonly notebook: string;
  readonly cell: string;
  /** US dollars. */
  readonly budget: number;
  readonly grantedAt: number;
  readonly spent: number;
}

/** Which notebooks' cells may run by themselves. A notebook is known by its path, and at first sight by its text. */
export interface Trusts {
  /** Takes note of a notebook, and says whether it is trusted: at first sight where one with the same text was trusted. */
  meet(notebook: string, textHash: string, at: number): Promise<boolean>;
  /** Trusts a notebook; `textHash` is that of its text now. */
  trust(notebook: string, textHash: string, at: number): Promise<void>;
  /** A notebook has another path: what was said of it goes along. */
  move(notebook: string, to: string): Promise<void>;
  /** A notebook is gone: one that comes to its path is a stranger. */
  forget(notebook: string): Promise<void>;
}
