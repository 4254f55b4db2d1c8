import { toModelError, type ErrorSource } from "../provider-error.ts";

/** Asks a provider: what is thrown comes out as a `ModelError`, or as the signal's reason. */
export interface Asking {
  <Answer>(signal: AbortSignal, work: () => PromiseLike<Answer>): Promise<Answer>;
  /** The same of what comes one after another. */
  each<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item, void, undefined>;
}

export function asking(source: ErrorSource): Asking {
  async function ask<Answer>(signal: AbortSignal, work: () => PromiseLike<Answer>): Promise<Answer> {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (thrown) {
      signal.throwIfAborted();
      throw toModelError(thrown, source);
    }
  }

  async function* each<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item, void, undefined> {
    try {
      yield* items;
    } catch (thrown) {
      throw toModelError(thrown, source);
    }
  }

  return Object.assign(ask, { each });
}
