import type { Moment } from "#server/notebook/services.ts";
import type { CellError } from "#server/notebook/value.ts";

/** An input as the worker gets it: a value's text (`wire.ts`), or the number of a table whose rows are asked for. */
export type WireInput =
  | { readonly path: readonly string[]; readonly text: string; readonly table: null }
  | { readonly path: readonly string[]; readonly text: null; readonly table: number };

/** A call, as the child's main thread gives it to its worker. */
export interface WorkerCall {
  readonly source: string;
  readonly inputs: readonly WireInput[];
  readonly deadline: number;
  readonly resultLimit: number;
  readonly moment: Moment | null;
}

/** What the worker says: what it needs, or how the call ended. */
export type WorkerMessage =
  | { readonly type: "ready" }
  | {
      readonly type: "need";
      readonly id: string;
      readonly table: number;
      readonly offset: number;
      readonly limit: number;
    }
  | { readonly type: "result"; readonly text: string }
  | { readonly type: "error"; readonly error: CellError };

/** Rows as a text of `wire.ts`, and how many. */
export interface RowsPage {
  readonly text: string;
  readonly count: number;
}

/** Characters that a page of more than one row may have. */
export const longestPage = 4_000_000;

/** The answer to the need `id`: its rows, the first of them where all are too long for a page, or why there are none. */
export type RowsMessage = { readonly id: string } & (RowsPage | { readonly error: CellError });

/** What both threads see while the worker is busy: places in a shared `Int32Array`. */
export const shared = { rowsArrived: 0, cancelled: 1, length: 2 } as const;
