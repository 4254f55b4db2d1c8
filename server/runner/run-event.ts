import type { Address } from "#server/notebook/address.ts";
import type { WaitingOn } from "#server/notebook/cell-kind.ts";
import type { CellError } from "#server/notebook/value.ts";
import type { Estimate } from "./estimate.ts";

/** What a run tells while it goes on. `sequence` counts from 1 within the run; a reader that missed some asks from a sequence. */
export type RunEvent = { readonly version: 1; readonly sequence: number; readonly run: string } & RunNews;

export type RunNews =
  | { readonly type: "run-start"; readonly steps: readonly string[] }
  | { readonly type: "estimate"; readonly estimate: Estimate }
  | { readonly type: "step-start"; readonly node: string; readonly total: number | null }
  | { readonly type: "step-progress"; readonly node: string; readonly progress: Progress }
  | { readonly type: "step-end"; readonly node: string; readonly progress: Progress }
  | { readonly type: "result"; readonly address: Address; readonly outcome: Outcome; readonly error: CellError | null }
  | { readonly type: "rows"; readonly sheet: string; readonly node: string; readonly from: number; readonly to: number }
  | { readonly type: "text"; readonly address: Address; readonly text: string }
  /** Texts of a sheet that came are results by now. */
  | { readonly type: "text-end"; readonly addresses: readonly Address[] }
  | { readonly type: "waiting"; readonly address: Address; readonly on: WaitingOn }
  | { readonly type: "prepare"; readonly node: string; readonly preparation: Preparation | null }
  | {
      readonly type: "money";
      readonly cost: number;
      readonly unpriced: number;
      readonly made: number;
      readonly cached: number;
      readonly input: number;
      readonly output: number;
    }
  | { readonly type: "run-end"; readonly outcome: "done" | "cancelled" | "budget" | "failed" | "waiting" };

/** What a step waits for before anything can come of it, and how far that is: of a model's file in bytes, of a search's index in rows. */
export interface Preparation {
  readonly what: "fetching" | "unpacking" | "checking" | "indexing";
  /** The model's full name, or the column that is searched. */
  readonly subject: string;
  readonly done: number;
  readonly total: number;
}

export type Outcome = "ok" | "error" | "skipped" | "blocked" | "cancelled" | "partial";

/**
 * How far a step is, in addresses. `reused` ones were settled before; `cached` ones came from the journal; `blocked` ones read
 * something that is not there; `waiting` ones go on after something outside; `stopped` ones were cancelled, with a text so far or without.
 */
export interface Progress {
  readonly total: number | null;
  readonly done: number;
  readonly reused: number;
  readonly cached: number;
  readonly failed: number;
  readonly blocked: number;
  readonly waiting: number;
  readonly stopped: number;
}
