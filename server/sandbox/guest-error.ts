import { SheafError } from "#server/notebook/sheaf-error.ts";
import { positionInSource } from "./wrap-source.ts";
import type { WorkerCall } from "./worker-protocol.ts";

/** What is known of an error in the sandbox: `guest.js` and QuickJS's own description give it with the same members. */
export interface Thrown {
  readonly code?: string;
  readonly name?: string;
  readonly message?: string;
  readonly stack?: string;
  /** An error that is complete already, or TypeScript's beside JavaScript's of the same source. */
  readonly error?: SheafError;
}

/** QuickJS's own words: a person's error may speak of memory too. */
const isMemory =
  /^(?:(?:Internal|Syntax)Error: )?out of memory(?: in regexp execution)?$|^(?:RangeError: )?BigInt is too large(?: to allocate)?$/;

const smaller = "Work on less at once: read tables row by row, or do it in a sql cell.";

/** The error a person sees, with its place in the cell's source. */
export function guestError(thrown: Thrown, call: WorkerCall, isOver: boolean, isFull: boolean): SheafError {
  const position = positionInSource(call.source, thrown.stack ?? "");
  const more = position === undefined ? {} : { position };
  const message = shortened(thrown.message ?? "");
  if (thrown.code === "js.syntax") return laterSyntaxError(new SheafError("js.syntax", message, more), thrown.error);
  if (thrown.error !== undefined) return thrown.error;
  if (isOver)
    return new SheafError("js.timeout", `the code ran longer than ${call.deadline} ms`, { cure: smaller, ...more });
  if (thrown.code === "js.pending")
    return new SheafError("js.pending", "the code awaits a promise that nothing settles", {
      cure: "There are no timers, no files and no network here; await only what the code itself resolves.",
    });
  if (isMemory.test(message) || (isFull && /^(thrown: )?(null)?$/.test(message)))
    return new SheafError("js.memory", "the code needs more memory than the sandbox has", { cure: smaller, ...more });
  if (/^(InternalError: |SyntaxError: )?stack overflow$/.test(message))
    return new SheafError("js.stack", "the code calls itself, or nests values, too deeply", { ...more });
  return new SheafError(thrown.code ?? "js.error", message, more);
}

/** What code throws is shown, and kept with its cell: it may be as long as the code's memory. */
function shortened(message: string): string {
  return message.length <= longestMessage ? message : `${message.slice(0, longestMessage)}…`;
}

const longestMessage = 10_000;

/** An exception from QuickJS's host side. */
export function hostError(thrown: unknown, isFull: boolean): SheafError {
  const options = { cause: thrown };
  if (isFull)
    return new SheafError("js.memory", "the code needs more memory than the sandbox has", {
      ...options,
      cure: smaller,
    });
  if (thrown instanceof RangeError)
    return new SheafError("js.stack", "the code calls itself, or nests values, too deeply", options);
  return new SheafError("js.crashed", `the code broke its interpreter: ${String(thrown)}`, options);
}

/** Of the two parsers' errors, the one of the parser that understood more of the source. */
function laterSyntaxError(javascript: SheafError, typescript: SheafError | undefined): SheafError {
  if (typescript?.code === "js.typescript") return typescript;
  const offset = (error: SheafError | undefined): number => error?.position?.offset ?? -1;
  return typescript !== undefined && offset(typescript) > offset(javascript) ? typescript : javascript;
}
