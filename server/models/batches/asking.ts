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
    const iterator = items[Symbol.asyncIterator]();
    try {
      for (;;) {
        let next: IteratorResult<Item>;
        try {
          next = await iterator.next();
        } catch (thrown) {
          throw toModelError(thrown, source);
        }
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await iterator.return?.();
    }
  }

  return Object.assign(ask, { each });
}
