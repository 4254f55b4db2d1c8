import { toText } from "#evals/words.ts";
import type { Item, ItemEvent, PlannedCall } from "#server/notebook/cell-kind.ts";
import type { CallFacts, ChatAnswer, Services } from "#server/notebook/services.ts";
import type { Column } from "#server/notebook/value.ts";
import { failedEvent } from "./failed-event.ts";
import { repairedValue } from "./repaired-value.ts";
import { readOrder, rerankCall } from "./rerank-call.ts";
import { isSet, type HitRow, type Reranked } from "./rerank-setting.ts";

/** What a search found for an item of a batch, before a second model has seen it. */
export interface Found {
  readonly type: "found";
  readonly item: number;
  readonly hits: readonly HitRow[];
  readonly columns: readonly Column[];
}

/** The hits of an item in the order and with the scores of its reranker, the best `k`; as they are where it has none. Tells `calls` what was called. */
export async function rerankHits(
  item: Item<Reranked>,
  hits: readonly HitRow[],
  { services, signal, embed }: RerankServices,
  calls: CallFacts[],
): Promise<readonly HitRow[]> {
  const { rerank, k } = item.configuration;
  if (!isSet(rerank)) return hits;
  const scores = await scoresOf();
  return hits
    .map((hit, index): HitRow => ({ ...hit, score: scores[index]!, search_score: hit["score"] ?? null }))
    .toSorted((one, other) => Number(other["score"]) - Number(one["score"]))
    .slice(0, k);

  async function scoresOf(): Promise<readonly number[]> {
    const { model } = item.model!;
    const kind = await services.modelKind(model);
    switch (kind) {
      case "embedding": {
        if (hits.length === 0) return [];
        const [query, ...texts] = await embed(model, textsOf(item, hits), item);
        return texts.map((text) => dot(query!, text));
      }
      case "chat": {
        const order = hits.length < 2 ? hits.map((_, index) => index) : await orderOf();
        const scores: number[] = [];
        for (const [place, index] of order.entries()) scores[index] = 1 / (place + 1);
        return scores;
      }
    }
  }

  async function orderOf(): Promise<readonly number[]> {
    const call = rerankCall(item, hits);
    const send = async (asked: PlannedCall, step: number): Promise<ChatAnswer> => {
      const reply = await services.chat({ ...asked, address: item.address, step, signal });
      calls.push(reply.call);
      return reply;
    };
    return repairedValue(call, send, (reply) => readOrder(reply, hits.length));
  }
}

/** How an item ends whose hits could not be put in order: what is wrong stands at the setting. */
export function failedRerank(thrown: unknown, item: number, calls: readonly CallFacts[]): ItemEvent {
  const event = failedEvent(thrown, item, calls);
  return event.type === "error" ? { ...event, error: { ...event.error, field: "rerank" } } : event;
}

export interface RerankServices {
  readonly services: Services;
  readonly signal: AbortSignal;
  /** Vectors of texts for an item: those that several items have are embedded once. */
  readonly embed: (
    model: string,
    texts: readonly string[],
    item: Pick<Item<unknown>, "address">,
  ) => Promise<readonly Float32Array[]>;
}

/** Vectors that are kept for the items to come. */
export const mostKept = 10_000;

/** The services of one batch. */
export function rerankServices(services: Services, signal: AbortSignal): RerankServices {
  const requests = new Map<string, Request>();
  return {
    services,
    signal,
    async embed(model, texts, { address }) {
      const keyOf = (text: string): string => JSON.stringify([model, text]);
      if (requests.size > mostKept) requests.clear();
      const missing = [...new Set(texts)].filter((text) => !requests.has(keyOf(text)));
      const own: Request = { texts: missing, vectors: null };
      for (const text of missing) requests.set(keyOf(text), own);
      const asked = texts.map((text) => requests.get(keyOf(text))!);
      // Each item asks for all it waits for: services send what is out already once, until nobody waits for it.
      await Promise.all(
        [...new Set(asked)].map(async (request) => {
          request.vectors ??= await services.embed({ model, texts: request.texts, address, signal });
        }),
      );
      return texts.map((text, index) => {
        const { texts: all, vectors } = asked[index]!;
        return vectors![all.indexOf(text)]!;
      });
    },
  };
}

/** Texts that are embedded together, and what came of it. */
interface Request {
  readonly texts: readonly string[];
  vectors: readonly Float32Array[] | null;
}

/** What is embedded to put hits in order: the query, then their texts. */
export function textsOf({ configuration }: Item<Reranked>, hits: readonly HitRow[]): readonly string[] {
  return [configuration.query, ...hits.map(({ text = null }) => toText(text))];
}

/** The cosine of vectors of unit length. */
function dot(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index += 1) sum += one[index]! * other[index]!;
  return sum;
}
