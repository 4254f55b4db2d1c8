import { failureError, redacted, type ErrorSource } from "../provider-error.ts";

/** The id of what was made, a batch or a file. Throws a `ModelError` with the beginning of an answer that has none. */
export function idIn(answer: object, source: ErrorSource): string {
  const { id } = answer as { readonly id?: unknown };
  if (typeof id !== "string" || id === "") throw noBatch(answer, source);
  return id;
}

/** The same answer, whose status is one of those there are. Throws as `idIn`. */
export function withStatus<Batch extends object>(
  answer: object,
  member: keyof Batch & string,
  statuses: readonly unknown[],
  source: ErrorSource,
): Batch {
  if (!statuses.includes((answer as Batch)[member])) throw noBatch(answer, source);
  return answer as Batch;
}

function noBatch(answer: object, source: ErrorSource): Error {
  const message = `the answer is no batch: ${redacted(JSON.stringify(answer), source, 200)}`;
  return failureError({ body: { message } }, source);
}
