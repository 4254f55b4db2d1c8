import { addressText, type Address } from "#server/notebook/address.ts";
import type { CallFacts } from "#server/notebook/services.ts";
import { divideCall } from "./divide-call.ts";

/** What was embedded for the addresses of a run, until their results have it. */
export interface EmbeddingFacts {
  add(address: Address, call: CallFacts): void;
  /** Adds what a request of several texts came to to those who asked for one of them, each by how much of it was theirs. */
  addTo(askers: readonly Asker[], texts: readonly string[], call: CallFacts): void;
  /** The calls of a result, with what was embedded for it after those that it tells itself. */
  takeWith(address: Address, calls: readonly CallFacts[]): readonly CallFacts[];
}

export interface Asker {
  readonly address: Address;
  readonly text: string;
  /** The call key of a request of this text alone. */
  readonly key: string;
}

export function createEmbeddingFacts(): EmbeddingFacts {
  const facts = new Map<string, CallFacts[]>();

  function add(address: Address, call: CallFacts): void {
    const text = addressText(address);
    const known = facts.get(text) ?? [];
    // A search that looks for more finds the vector it had made.
    if (call.cached && known.some(({ key }) => key === call.key)) return;
    facts.set(text, [...known, call]);
  }

  return {
    add,
    addTo(all, texts, call) {
      const embedded = new Set(texts);
      const askers = all.filter(({ text }) => embedded.has(text));
      const times = new Map<string, number>();
      for (const { text } of askers) times.set(text, (times.get(text) ?? 0) + 1);
      const weights = askers.map(({ text }) => text.length / times.get(text)!);
      const shares = divideCall(call, weights);
      for (const [index, { address, key }] of askers.entries()) add(address, { ...shares[index]!, key });
    },
    takeWith(address, calls) {
      if (facts.size === 0) return calls;
      const text = addressText(address);
      const own = facts.get(text);
      if (own === undefined) return calls;
      facts.delete(text);
      // A kind tells a call that failed by itself.
      return [...calls, ...own.filter(({ key }) => !calls.some((call) => call.key === key))];
    },
  };
}

/** What a text came to whose vector was there, or on its way for somebody else. */
export function embeddedBefore(call: Pick<CallFacts, "key" | "model">): CallFacts {
  return { ...call, usage: {}, cost: 0, latency: 0, cached: true, embeds: true };
}
