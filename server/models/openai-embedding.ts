import type OpenAI from "openai";
import { askForObject, errorIn } from "./ask-for-object.ts";
import type { EmbeddedTexts, EmbeddingModel, ProviderSettings } from "./model.ts";
import { modelName } from "./model-name.ts";
import { keysOf, openAIClient, type OpenAIAccount } from "./openai-client.ts";
import { failureError, toModelError, type ErrorSource } from "./provider-error.ts";
import { gatherFacts, without } from "./provider-facts.ts";
import { withKeys } from "./provider-keys.ts";
import { providerLimits } from "./provider-limits.ts";
import { requestIdIn } from "./request-id-in.ts";
import { tokenCounts } from "./token-counts.ts";

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
      async embed(texts, signal = new AbortController().signal) {
        try {
          const embedded = await send(await connect.client(), model, texts, source, signal);
          length ||= embedded.vectors[0]?.length ?? 0;
          return embedded;
        } catch (thrown) {
          signal.throwIfAborted();
          throw toModelError(thrown, source);
        }
      },
    };
  });
}

/** Bytes of an answer: those of a text's vector, of 8,192 numbers at 30 characters each, and of what stands around them, as the words of an error. */
const longestVector = 250_000;
const longestRest = 1_000_000;

async function send(
  client: OpenAI,
  model: string,
  texts: readonly string[],
  source: ErrorSource,
  signal: AbortSignal,
): Promise<EmbeddedTexts> {
  const answer = await askForObject(
    (sending) => client.embeddings.create({ model, input: [...texts], encoding_format: "float" }, sending).asResponse(),
    longestRest + texts.length * longestVector,
    source,
    signal,
  );
  const error = errorIn(answer, source);
  if (error !== null) throw error;
  const { body, headers } = answer;
  const { data, usage, model: answeredBy } = body as AnyAnswer;
  const name = modelName(answeredBy);
  const facts = gatherFacts();
  facts.add(without({ ...body }, ["data"]));
  return {
    vectors: vectorsOf(data, texts.length, (message) => failureError({ body: { message }, headers }, source)),
    usage: tokenCounts({ input: usage?.prompt_tokens }),
    limits: providerLimits(headers),
    ...(name === undefined ? {} : { model: name }),
    ...requestIdIn(headers),
    ...facts.part(),
  };
}

/** What is read of an answer; compatible servers leave out what they like. */
interface AnyAnswer {
  readonly data?: readonly (AnyEmbedding | null)[] | null;
  readonly usage?: { readonly prompt_tokens?: unknown } | null;
  readonly model?: unknown;
}

interface AnyEmbedding {
  /** Gemini leaves out what is 0. */
  readonly index?: unknown;
  readonly embedding?: unknown;
}

/** One vector a text, all of one length, in the texts' order; anything else is a failure, for a vector of another text looks like any other. */
function vectorsOf(data: AnyAnswer["data"], texts: number, wrong: (message: string) => Error): Float32Array[] {
  if (!Array.isArray(data) || data.length !== texts)
    throw wrong(`${Array.isArray(data) ? data.length : "no"} vectors for ${texts} texts`);
  const vectors = new Map<unknown, Float32Array>();
  for (const [place, item] of data.entries()) {
    const { index, embedding } = (item ?? {}) as AnyEmbedding;
    if (!isVector(embedding)) throw wrong(`the vector at place ${place} is no list of numbers`);
    vectors.set(index ?? place, unit(embedding));
  }
  return Array.from({ length: texts }, (_, index) => {
    const vector = vectors.get(index);
    if (vector === undefined) throw wrong(`no vector has the index ${index} of ${texts}`);
    if (vector.length !== vectors.get(0)!.length)
      throw wrong(`vectors of ${vectors.get(0)!.length} and of ${vector.length} numbers`);
    return vector;
  });
}

function isVector(embedding: unknown): embedding is readonly number[] {
  return Array.isArray(embedding) && embedding.length > 0 && embedding.every(Number.isFinite);
}

function unit(numbers: readonly number[]): Float32Array {
  const norm = Math.hypot(...numbers) || 1;
  return Float32Array.from(numbers, (value) => value / norm);
}
