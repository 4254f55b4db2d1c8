import type { CellError } from "#server/notebook/value.ts";
import type { Synchronous } from "./synchronous.ts";

/** The repositories that a thread can open, each over a file of its own. */
export type RepositoryName = "journal" | "results" | "state";

/** Where a repository is, and whose rows it has. */
export interface RepositoryPlace {
  readonly folder: string;
  readonly workspace: string;
  /** When calls of a journal are safe; `full` where absent. */
  readonly synchronous?: Synchronous;
}

/** A call to the stores' thread; messages are lists of them. `repository` is a number its caller has given it. */
export interface StoreCallMessage {
  readonly number: number;
  readonly repository: number;
  readonly call: StoreCall;
}

export type StoreCall =
  | { readonly type: "open"; readonly name: RepositoryName; readonly place: RepositoryPlace }
  /** `method` is written `begin`, or of a part of a repository `runs.begin`. */
  | { readonly type: "do"; readonly method: string; readonly with: readonly unknown[] }
  | { readonly type: "close" };

/** The answer to the call of that number. */
export type StoreAnswerMessage =
  | { readonly number: number; readonly value: unknown }
  | { readonly number: number; readonly error: CellError };
