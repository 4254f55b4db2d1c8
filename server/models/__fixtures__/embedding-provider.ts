/** What a provider of embeddings was asked: the texts of each request, in order. */
export interface EmbeddingProvider {
  readonly requests: (readonly string[])[];
  /** What it does with the next requests, one each, before it answers well again. */
  readonly faults: ((signal: AbortSignal) => Response | Promise<Response>)[];
  /** Whether it says how many tokens it read: two a text. */
  counts: boolean;
  readonly fetch: typeof fetch;
}

/** A provider at `…/embeddings` of any address, in place of the network; all else goes to `others`. Texts that are equal have equal vectors. */
export function embeddingProvider(others: typeof fetch = fetch): EmbeddingProvider {
  const provider: EmbeddingProvider = {
    requests: [],
    faults: [],
    counts: true,
    async fetch(input, init) {
      const url = input instanceof Request ? input.url : String(input);
      if (!url.endsWith("/embeddings")) return others(input, init);
      const texts = (JSON.parse(String(init!.body)) as { readonly input: readonly string[] }).input;
      provider.requests.push(texts);
      const fault = provider.faults.shift();
      if (fault !== undefined) return fault(init!.signal!);
      const data = texts.map((text, index) => ({ index, embedding: [1, text.length, text.charCodeAt(0)] }));
      const usage = { prompt_tokens: 2 * texts.length, total_tokens: 2 * texts.length };
      return Response.json(
        { object: "list", model: "text-embedding-3-small", data, ...(provider.counts ? { usage } : {}) },
        { headers: { "x-request-id": `request-${provider.requests.length}` } },
      );
    },
  };
  return provider;
}
