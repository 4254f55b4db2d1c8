import type { EmbeddingModel, ProviderSettings } from "./model.ts";
import { openAIClient, type OpenAIAccount } from "./openai-client.ts";
import { failureError, toModelError } from "./provider-error.ts";

/** Texts in one request: within OpenAI's bounds of 2,048 texts and, for texts of up to 1,000 tokens, 300,000 tokens. */
const batchSize = 256;

/** Lengths of OpenAI's vectors, as its guide "Vector embeddings" gives them. */
const dimensions = new Map([
  ["text-embedding-3-small", 1_536],
  ["text-embedding-3-large", 3_072],
  ["text-embedding-ada-002", 1_536],
]);

export interface OpenAIEmbeddingOptions extends OpenAIAccount {
  readonly name: string;
  readonly model: string;
  readonly effect: "model" | "paid";
}

/** An embedding model behind OpenAI's Embeddings protocol; vectors are brought to unit length. */
export function openAIEmbeddingModel(options: OpenAIEmbeddingOptions, settings: ProviderSettings): EmbeddingModel {
  const { name, model, identity, effect } = options;
  const connect = openAIClient(options, settings);
  const source = { ...options, secrets: connect.secrets };
  let length = dimensions.get(model) ?? 0;
  return {
    name,
    identity,
    effect,
    get dimensions() {
      return length;
    },
    async embed(texts, signal) {
      const client = await connect.client();
      const vectors: Float32Array[] = [];
      for (let from = 0; from < texts.length; from += batchSize) {
        const input = texts.slice(from, from + batchSize);
        try {
          const answer = await client.embeddings.create(
            { model, input, encoding_format: "float" },
            signal === undefined ? {} : { signal },
          );
          if (answer.data?.length !== input.length)
            throw failureError(
              { body: { message: `${answer.data?.length ?? "no"} vectors for ${input.length} texts` } },
              source,
            );
          for (const { index, embedding } of answer.data) vectors[from + index] = unit(embedding);
        } catch (thrown) {
          signal?.throwIfAborted();
          throw toModelError(thrown, source);
        }
      }
      length ||= vectors[0]?.length ?? 0;
      return vectors;
    },
  };
}

function unit(numbers: readonly number[]): Float32Array {
  const norm = Math.hypot(...numbers) || 1;
  return Float32Array.from(numbers, (value) => value / norm);
}
