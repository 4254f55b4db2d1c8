import { failureError, type ErrorSource } from "./provider-error.ts";
import { ModelError } from "./model-error.ts";
import { readWhole } from "./read-whole.ts";
import { requestIdIn } from "./request-id-in.ts";
import { responseOf, type SendRequest } from "./response-of.ts";

export interface ObjectAnswer {
  readonly body: object;
  readonly headers: Headers;
}

/**
 * Sends a request with an SDK and reads the object that is all of its answer, of `longest` bytes at most. Rejects with the signal's reason,
 * or a `ModelError`. The object may still be an error: `errorIn`.
 */
export async function askForObject(
  send: SendRequest,
  longest: number,
  source: ErrorSource,
  signal: AbortSignal,
): Promise<ObjectAnswer> {
  const response = await responseOf(send, source, signal);
  try {
    return { body: await readWhole(response, longest, source, signal), headers: response.headers };
  } catch (thrown) {
    throw thrown instanceof ModelError ? thrown.with(requestIdIn(response.headers)) : thrown;
  }
}

/** The error that a 200 is, in the provider's own words; null where it is none. */
export function errorIn({ body, headers }: ObjectAnswer, source: ErrorSource): ModelError | null {
  return "error" in body && body.error ? failureError({ body, headers }, source) : null;
}
