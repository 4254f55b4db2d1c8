import type OpenAI from "openai";
import type { EmbeddedTexts, EmbeddingModel, ProviderSettings } from "./model.ts";
import { keysOf, openAIClient, type OpenAIAccount } from "./openai-client.ts";
import { failureError, toModelError, type ErrorSource } from "./provider-error.ts";
import { withKeys } from "./provider-keys.ts";
import { providerLimits } from "./provider-limits.ts";

/** Texts in one request: within OpenAI's bounds of 2,048 texts and, for texts of up to 1,000 tokens, 300,000 tokens. */
const textsAtOnce = 256;

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
  let length = dimensions.get(model) ?? 0;
  return withKeys(keysOf(options, settings), (key): EmbeddingModel => {
    const connect = openAIClient(options, settings, key);
    const source = { ...options, secrets: connect.secrets };
    return {
      name,
      identity,
      effect,
      get dimensions() {
        return length;
      },
      textsAtOnce,
      ready: async () => void connect.key(),
      async embed(texts, signal) {
        try {
          const embedded = await send(await connect.client(), model, texts, source, signal);
          length ||= embedded.vectors[0]?.length ?? 0;
          return embedded;
        } catch (thrown) {
          signal?.throwIfAborted();
          throw toModelError(thrown, source);
        }
      },
    };
  });
}

async function send(
  client: OpenAI,
  model: string,
  texts: readonly string[],
  source: ErrorSource,
  signal: AbortSignal | undefined,
): Promise<EmbeddedTexts> {
  const {
    data: answer,
    response,
    request_id: requestId,
  } = await client.embeddings
    .create({ model, input: [...texts], encoding_format: "float" }, signal === undefined ? {} : { signal })
    .withResponse();
  if (answer.data?.length !== texts.length)
    throw failureError(
      { body: { message: `${answer.data?.length ?? "no"} vectors for ${texts.length} texts` } },
      source,
    );
  const vectors: Float32Array[] = [];
  for (const { index, embedding } of answer.data) vectors[index] = unit(embedding);
  const tokens: unknown = answer.usage?.prompt_tokens;
  return {
    vectors,
    usage: typeof tokens === "number" ? { input: tokens } : {},
    limits: providerLimits(response.headers),
    ...(answer.model ? { model: answer.model } : {}),
    ...(requestId ? { requestId } : {}),
  };
}

function unit(numbers: readonly number[]): Float32Array {
  const norm = Math.hypot(...numbers) || 1;
  return Float32Array.from(numbers, (value) => value / norm);
}
