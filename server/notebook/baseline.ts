import type { Coordinates } from "./address.ts";

/**
 * Results to come back to, as they stood: `NAME.baseline.jsonl` beside the notebook. A line an address, without texts, so that it can be
 * committed. Hashes of results are cut to twelve digits: they are only ever compared at one address.
 */
export interface Baseline {
  readonly header: BaselineHeader;
  /** In the order of their addresses, which are unique. */
  readonly lines: readonly BaselineLine[];
}

/** What the results came of. */
export interface BaselineHeader {
  /** SHA-256 of the notebook's text. */
  readonly notebook: string;
  /** The one cell whose results they are; absent where they are those of all. */
  readonly cell?: string;
  /** Hashes of the inputs by their names, of the dataset files by their paths, and of what the models are by their full names. */
  readonly inputs: Hashes;
  readonly data: Hashes;
  readonly models: Hashes;
  /** The models that really answered, in alphabetical order. */
  readonly answered: readonly string[];
  /** The versions of the lists of prices. */
  readonly prices: string;
}

export interface Hashes {
  readonly [name: string]: string;
}

/** A settled result. */
export interface BaselineLine {
  /** `addressText` of it. */
  readonly address: string;
  /** The start of its cell key; absent where a person's value stands there. */
  readonly key?: string;
  /** The start of its value's hash; absent where it has no value. */
  readonly value?: string;
  /** Whose value it is where that is a person's. */
  readonly override?: "locked" | "edited";
  readonly outcome: "ok" | "error" | "skipped" | "blocked";
  /** A score's; null where the case could not be scored. */
  readonly score?: number | null;
  /** Whether a score reaches its threshold, or a test passes. */
  readonly pass?: boolean | null;
  /** Of a score, what is equal where the answers it judges came of the same calls. */
  readonly calls?: string;
  /** US dollars of the calls that made it, whoever paid them; null where one has no price. Absent, as the next two, without a call. */
  readonly cost?: number | null;
  /** Tokens in and out; null where nobody tells them. */
  readonly tokens?: readonly [number | null, number | null];
  /** Milliseconds, one call after another. */
  readonly latency?: number;
}

/** The version of the file's format. */
export const baselineVersion = 1;

/** Digits of a hash that a line has. */
export const baselineDigits = 12;

/** Whether a line is a test's: it has a verdict and no score. */
export function isTest({ pass, score }: BaselineLine): boolean {
  return pass !== undefined && score === undefined;
}

/** The sheet of a cell's path; null outside sheets. */
export function sheetOfPath(cell: string): string | null {
  const dot = cell.lastIndexOf(".");
  return dot < 0 ? null : cell.slice(0, dot);
}

/** Coordinates apart: the row's identity, null outside sheets, and the labels. */
export function rowAndLabels(
  cell: string,
  at: Coordinates,
): { readonly row: string | null; readonly labels: Coordinates } {
  const sheet = sheetOfPath(cell);
  if (sheet === null) return { row: null, labels: at };
  const { [sheet]: row = null, ...labels } = at;
  return { row, labels };
}
