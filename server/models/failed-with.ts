import { toCellError } from "#server/notebook/sheaf-error.ts";
import { ModelError, type ModelErrorFacts } from "./model-error.ts";

/** What ended a call that was sent, as an error that knows what the call came to: whatever was thrown, it may have been paid for. */
export function failedWith(thrown: unknown, facts: ModelErrorFacts): ModelError {
  if (thrown instanceof ModelError) return thrown.with(facts);
  const { code, message, cure } = toCellError(thrown);
  const known = { ...facts, cause: thrown, ...(cure === undefined ? {} : { cure }) };
  return new ModelError(code as `model.${string}`, message, known);
}
