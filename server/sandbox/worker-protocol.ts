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

/** The answer to the need `id`: rows as a text of `wire.ts`, or why there are none. */
export type RowsMessage = { readonly id: string } & ({ readonly text: string } | { readonly error: CellError });

/** What both threads see while the worker is busy: places in a shared `Int32Array`. */
export const shared = { rowsArrived: 0, cancelled: 1, length: 2 } as const;
