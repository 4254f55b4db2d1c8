import type { CellError } from "#server/notebook/value.ts";

/** What is thrown where something is not done, as `problemOf` reads it. */
export function refusal(problem: CellError): Error {
  return Object.assign(new Error(problem.message), { data: { problem } });
}
