import type { CellError } from "./value.ts";

/** The codes of errors of a whole answer that is not what its schema says. */
export const unfitCodes: ReadonlySet<string> = new Set(["prompt.not-a-choice", "prompt.not-json", "prompt.schema"]);

/** And of one that is none: a refusal, what a filter left, thoughts alone, nothing at all. */
const noValueCodes: ReadonlySet<string> = new Set(["model.content-filter", "model.length", "model.no-answer"]);

/** Whether an error came of what a model answered, so that the same answer would be the same error. */
export function isOfAnswer(error: Pick<CellError, "code"> | null): boolean {
  return error !== null && (unfitCodes.has(error.code) || noValueCodes.has(error.code));
}

/** Which errors of cells that call something a run tries again: all of them, or those that came of no answer. */
export type RetryErrors = boolean | "without-answer";

/** Whether a run tries an error again. */
export function isRetried(error: Pick<CellError, "code"> | null, retry: RetryErrors): boolean {
  return retry === "without-answer" ? !isOfAnswer(error) : retry;
}
