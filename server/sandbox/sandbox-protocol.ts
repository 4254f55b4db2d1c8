import type { Moment } from "#server/notebook/services.ts";
import type { CellError, Datum, Value } from "#server/notebook/value.ts";
import type { SandboxLimits } from "./limits.ts";

/** The argument of the child's method `run`. It is answered with the result. */
export interface RunArgument {
  readonly source: string;
  readonly inputs: { readonly [name: string]: Value };
  readonly limits: SandboxLimits;
  readonly moment: Moment | null;
}

/** The part that `run` emits when it wants rows of the input `name`; the parent answers by calling `rows`. */
export interface RowsNeed {
  /** Its own, also among the needs of a process that was killed: the answer may come when another call runs. */
  readonly id: string;
  readonly name: string;
  readonly offset: number;
  readonly limit: number;
}

/** The argument of the child's method `rows`: the answer to the need `id`. One that is no longer waited for is ignored. */
export type RowsArgument = { readonly id: string } & (
  | { readonly rows: readonly (readonly Datum[])[] }
  | { readonly error: CellError }
);
