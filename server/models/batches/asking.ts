import { askForObject, errorIn } from "../ask-for-object.ts";
import { ModelError } from "../model-error.ts";
import { brokeOff, type ErrorSource } from "../provider-error.ts";
import { responseOf, type SendRequest } from "../response-of.ts";

/** Asks a provider of batches, each time within a limit. All rejects with a `ModelError`, or with the signal's reason. */
export interface Asking {
  /** The object that all of an answer is, what an error is excepted. */
  object(send: SendRequest, signal: AbortSignal): Promise<object>;
  /** The same where `bytes` are sent of what shall be done: what is answered with an error was certainly not done. */
  sent(bytes: number, send: SendRequest, signal: AbortSignal): Promise<object>;
  /**
   * The same for what is to be known of once it has begun: it is not stopped then, and has its time. Rejects with `stoppedBefore` where
   * `signal` is aborted before.
   */
  made(bytes: number, send: SendRequest, signal: AbortSignal): Promise<object>;
  /** The bytes of an answer that may be large. */
  bytes(send: SendRequest, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined>;
}

/** Milliseconds that a provider may take to say how things stand, or to go on with what it sends. */
const patience = 60_000;
/** Bytes a millisecond of a line on which a batch can still be sent. */
const slowestLine = 100;
/** Bytes of an answer that is no file: one has about a thousand. */
const longest = 1_000_000;

export function asking(source: ErrorSource): Asking {
  async function object(
    send: SendRequest,
    signal: AbortSignal,
    milliseconds: number,
    certain: { readonly unbilled?: true },
  ): Promise<object> {
    const limit = startLimit(source, signal);
    limit.wait(milliseconds);
    try {
      const answer = await askForObject(send, longest, source, limit.signal);
      const error = errorIn(answer, source);
      if (error !== null) throw error.with(certain);
      return answer.body;
    } finally {
      limit.rest();
    }
  }

  const sent: Asking["sent"] = (bytes, send, signal) =>
    object(send, signal, patience + bytes / slowestLine, { unbilled: true });

  return {
    object: (send, signal) => object(send, signal, patience, {}),
    sent,
    async made(bytes, send, signal) {
      if (signal.aborted) throw stoppedBefore(source, signal.reason);
      return sent(bytes, send, new AbortController().signal);
    },
    async *bytes(send, signal) {
      const limit = startLimit(source, signal);
      limit.wait(patience);
      try {
        const response = await responseOf(send, source, limit.signal);
        for await (const part of response.body ?? []) {
          // Whoever reads may take their time.
          limit.rest();
          yield part;
          limit.wait(patience);
        }
      } catch (thrown) {
        limit.signal.throwIfAborted();
        throw brokeOff(thrown, source);
      } finally {
        limit.rest();
      }
    },
  };
}

/** What is thrown where a batch was stopped before it was asked for. */
export function stoppedBefore({ title }: ErrorSource, cause: unknown): ModelError {
  return new ModelError("model.batch-cancelled", `it was stopped before ${title} had the batch`, {
    unbilled: true,
    cure: "Run it again.",
    cause,
  });
}

/** A signal that is aborted with another, or when what is waited for takes too long. */
function startLimit({ title }: ErrorSource, signal: AbortSignal) {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const rest = (): void => clearTimeout(timer);
  return {
    signal: AbortSignal.any([signal, over.signal]),
    rest,
    wait(milliseconds: number): void {
      rest();
      timer = setTimeout(() => {
        const words = `${title} did not answer within ${Math.round(milliseconds / 1_000)} s`;
        over.abort(new ModelError("model.timeout", words, { retryable: true, cure: "Do it again later." }));
      }, milliseconds);
    },
  };
}
