import type { CellError } from "#server/notebook/value.ts";

/** What a parent says to a child. */
export type ParentMessage =
  | { readonly type: "call"; readonly id: number; readonly method: string; readonly argument: unknown }
  | { readonly type: "cancel"; readonly id: number };

/** What a child says to its parent: any number of parts, then a result or an error. */
export type ChildMessage =
  | { readonly type: "part"; readonly id: number; readonly part: unknown }
  | { readonly type: "result"; readonly id: number; readonly value: unknown }
  | { readonly type: "error"; readonly id: number; readonly error: CellError };
