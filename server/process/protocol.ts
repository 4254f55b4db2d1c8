import type { CellError } from "#server/notebook/value.ts";

/** What a parent says to a child. */
export type ParentMessage =
  | { readonly type: "call"; readonly id: number; readonly method: string; readonly argument: unknown }
  | { readonly type: "cancel"; readonly id: number };

/** What a child says to its parent: that it listens; then for each call any number of parts, then a result or an error. */
export type ChildMessage =
  | { readonly type: "ready" }
  | { readonly type: "part"; readonly id: number; readonly part: unknown }
  | { readonly type: "result"; readonly id: number; readonly value: unknown }
  | { readonly type: "error"; readonly id: number; readonly error: CellError };

/** The environment variable in which a child is told its parent's process id. */
export const parentVariable = "SHEAF_PARENT_PROCESS";
