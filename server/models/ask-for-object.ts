import type { SendRequest } from "./http-stream.ts";
import { failureError, toModelError, type ErrorSource } from "./provider-error.ts";
import { readWhole } from "./read-whole.ts";

/**
 * Sends a request with an SDK and reads the object that is all of its answer, of `longest` bytes at most. Rejects with the signal's reason,
 * or a `ModelError`: also for a 200 whose body is an error, which it is said to be in the provider's own words.
 */
export async function askForObject(
  send: SendRequest,
  longest: number,
  source: ErrorSource,
  signal: AbortSignal,
): Promise<{ readonly body: object; readonly headers: Headers }> {
  signal.throwIfAborted();
  let response: Response;
  try {
    response = await send({ signal, timeout: 3_600_000 });
  } catch (thrown) {
    signal.throwIfAborted();
    throw toModelError(thrown, source);
  }
  const body = await readWhole(response, longest, source, signal);
  const { headers } = response;
  if ("error" in body && body.error) throw failureError({ body, headers }, source);
  return { body, headers };
}
