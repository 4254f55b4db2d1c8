import { toModelError, type ErrorSource } from "./provider-error.ts";

/** Sends a request with an SDK and gives the response, or throws the SDK's error. */
export type SendRequest = (options: SendOptions) => Promise<Response>;

/** What an SDK is told besides the request. */
export interface SendOptions {
  readonly signal: AbortSignal;
  /** Milliseconds: longer than any call is waited for, so that an SDK's own limit, ten minutes, ends none. */
  readonly timeout: number;
  /** What our `fetch` is told: nothing is sent before `leaves` resolves. */
  readonly fetchOptions: Leaving;
}

/** Of an SDK's `fetch`. */
export interface Leaving extends Pick<RequestInit, "redirect"> {
  readonly leaves?: Promise<void>;
}

/** The response to a request, as soon as it begins; it leaves when `leaves` resolves. Rejects with the signal's reason, or a `ModelError`. */
export async function responseOf(
  send: SendRequest,
  source: ErrorSource,
  signal: AbortSignal,
  leaves?: Promise<void>,
): Promise<Response> {
  signal.throwIfAborted();
  try {
    return await send({ signal, timeout: 3_600_000, fetchOptions: leaves === undefined ? {} : { leaves } });
  } catch (thrown) {
    signal.throwIfAborted();
    throw toModelError(thrown, source);
  }
}
