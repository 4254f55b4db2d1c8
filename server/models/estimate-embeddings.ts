import type { CallsEstimate, EmbeddedCount, EstimateSettings, ModelEstimate } from "./estimate.ts";
import type { EmbeddingModel } from "./model.ts";
import { eachEnd, foretellInput } from "./predict-calls.ts";
import type { Range } from "./predict-total.ts";
import { priceRange } from "./price-range.ts";

/** Texts that a model would embed. */
export interface EmbeddingsToCome extends EmbeddedCount {
  readonly model: string;
  readonly characters: number;
  /** How many requests it takes, however many texts one may have; 1 where absent. */
  readonly requests?: number;
}

export interface EstimateEmbeddingsSettings extends Pick<EstimateSettings, "prices" | "clock"> {
  readonly resolve: (name: string) => EmbeddingModel;
}

const none: Range = { low: 0, likely: 0, high: 0 };

/** What embedding texts by models that are paid for would come to; those of other models, and of none, are left out. */
export async function estimateEmbeddings(
  all: Iterable<EmbeddingsToCome>,
  settings: EstimateEmbeddingsSettings,
): Promise<CallsEstimate> {
  const paid = [...all].filter(({ model, texts }) => texts > 0 && isPaid(model, settings));
  const models = await Promise.all(
    Array.from(Map.groupBy(paid, ({ model }) => model).values(), (ofModel) => estimateModel(ofModel, settings)),
  );
  const texts = paid.reduce((sum, one) => sum + one.texts, 0);
  return {
    sampled: false,
    calls: models.reduce((sum, { calls }) => sum + calls, 0),
    cached: 0,
    equal: 0,
    input: eachEnd((end) => models.reduce((sum, { input }) => sum + input[end], 0)),
    output: none,
    cost: eachEnd((end) => models.reduce((sum, { cost }) => sum + (cost?.[end] ?? 0), 0)),
    unpriced: models.filter(({ cost }) => cost === null).map(({ model }) => model),
    seconds: models.length === 0 ? none : null,
    models,
    ...(texts === 0 ? {} : { embedded: { texts, atMost: paid.some(({ atMost }) => atMost) } }),
  };
}

/** The estimate of calls with that of embeddings beside them. */
export function withEmbeddings(calls: CallsEstimate, embeddings: CallsEstimate): CallsEstimate {
  const { embedded } = embeddings;
  if (embedded === undefined) return calls;
  return {
    ...calls,
    calls: calls.calls + embeddings.calls,
    input: eachEnd((end) => calls.input[end] + embeddings.input[end]),
    cost: eachEnd((end) => calls.cost[end] + embeddings.cost[end]),
    unpriced: [...calls.unpriced, ...embeddings.unpriced],
    seconds: null,
    models: [...calls.models, ...embeddings.models],
    embedded,
  };
}

async function estimateModel(
  ofModel: readonly EmbeddingsToCome[],
  settings: EstimateEmbeddingsSettings,
): Promise<ModelEstimate> {
  const model = settings.resolve(ofModel[0]!.model);
  const texts = ofModel.reduce((sum, one) => sum + one.texts, 0);
  const characters = ofModel.reduce((sum, one) => sum + one.characters, 0);
  const sent = { certain: characters, beside: 0 };
  const ahead = { count: texts, characters, schema: 0, sent, messages: 0, counted: null, limits: [], times: 1 };
  const input = foretellInput(ahead, null);
  return {
    model: model.name,
    calls: ofModel.reduce((sum, one) => sum + requestsOf(one, model), 0),
    cached: 0,
    equal: 0,
    input: input.range,
    output: none,
    cost: await priceRange(model, (end) => ({ input: input.range[end], output: 0 }), settings),
    seconds: null,
    // That vectors are no tokens is certain.
    basis: { input: input.basis, output: "tokenizer" },
  };
}

function requestsOf({ texts, requests = 1 }: EmbeddingsToCome, { textsAtOnce = texts }: EmbeddingModel): number {
  return Math.max(requests, Math.ceil(texts / textsAtOnce));
}

/** A model nobody knows sends nothing: its error is shown when it runs. */
function isPaid(name: string, { resolve }: EstimateEmbeddingsSettings): boolean {
  try {
    return resolve(name).effect === "paid";
  } catch {
    return false;
  }
}
