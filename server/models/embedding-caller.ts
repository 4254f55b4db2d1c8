import { setMaxListeners } from "node:events";
import { failedCall } from "#server/notebook/failed-call.ts";
import type { CallFacts, EmbedCall, Usage } from "#server/notebook/services.ts";
import type { Message } from "#server/notebook/value.ts";
import type { Journal } from "#server/store/journal.ts";
import { bounded, type SpendingBounds } from "./bounded.ts";
import { expectedCost, type ExpectCost } from "./expected-cost.ts";
import { callFacts } from "./call-facts.ts";
import type { Calling } from "./calling/create-calling.ts";
import type { CallsEstimate } from "./estimate.ts";
import { embeddingKey } from "./embedding-key.ts";
import { estimateEmbeddings, type EmbeddingsToCome } from "./estimate-embeddings.ts";
import { failedWith } from "./failed-with.ts";
import { journaled } from "./journaled.ts";
import type { ChatModel, EmbeddedTexts, EmbeddingModel } from "./model.ts";
import { priced } from "./priced.ts";
import type { Prices } from "./prices.ts";
import type { CallContext, Send } from "./sender.ts";
import { streamed } from "./streamed.ts";

export interface EmbeddingCallerSettings {
  /** The embedding model of a full name: `createModels(…).embeddingModel`. */
  readonly resolve: (name: string) => EmbeddingModel;
  readonly journal: Pick<Journal, "begin" | "finish">;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly prices: Prices;
  /** That of the chat models: one provider has one line, one pace and one budget of retries. */
  readonly calling: Calling;
  readonly budgets?: SpendingBounds;
}

/** Who embeds, and how a run has a hand in each request that may cost something. */
export interface EmbeddingContext extends Pick<CallContext, "notebook" | "run"> {
  /** Sends one request, now or when there is money for it. `onSend` is called when it goes out; `expect` gives the US dollars it may cost, null where nobody knows. */
  readonly within?: (
    model: string,
    send: (onSend?: () => void) => Promise<CallFacts>,
    signal: AbortSignal,
    expect: () => Promise<number | null>,
  ) => Promise<CallFacts>;
  /** Told what a request came to, also one that failed, and of which texts it was; null where their vectors were there already. */
  readonly onCall?: (texts: readonly string[], call: CallFacts | null) => void;
}

/** The one door to embedding models. */
export interface EmbeddingCaller {
  /**
   * Models behind an address are asked as chat models are, request by request: with limits, retries, journal, price and budgets. Those of this
   * machine are asked as they are. Rejects with the signal's reason, a `WaitingError` or a `ModelError`.
   */
  embed(call: EmbedCall, context: EmbeddingContext): Promise<Pick<EmbeddedTexts, "vectors" | "usage">>;
  /** What embedding would come to, where it is paid for. */
  estimate(all: Iterable<EmbeddingsToCome>): Promise<CallsEstimate>;
  /** Resolves when every request begun so far has ended and is written. */
  settled(): Promise<void>;
}

/** Where no address is given: a program's request. */
const nowhere = { cell: "v1", at: {} } as const;

const never = new AbortController().signal;
setMaxListeners(0, never);

export function createEmbeddingCaller(settings: EmbeddingCallerSettings): EmbeddingCaller {
  const { resolve, journal, clock, prices, calling, budgets } = settings;
  const inFlight = new Set<Promise<unknown>>();
  const chatModels = new WeakMap<EmbeddingModel, ChatModel>();
  /** Vectors by the messages that asked for them, which no wrapper changes. */
  const answers = new WeakMap<readonly Message[], readonly Float32Array[]>();
  const reached: Send = (call, signal, onText) =>
    streamed(clock)({ ...call, model: calling.reach(call.model) }, signal, onText);
  const expectTexts = async (model: string, size: ReturnType<typeof sizeOf>) =>
    expectedCost(await estimateEmbeddings([{ model, ...size, atMost: false }], { resolve, prices, clock }));
  const expectCost: ExpectCost = ({ request }, { name }) => expectTexts(name, sizeOf(request.messages));
  const inside = journaled(priced(reached, prices, expectCost), countsOnly(journal), clock);
  const send = budgets === undefined ? inside : bounded(inside, budgets, expectCost);

  /** An embedding model as a chat model, so that all that waits, repeats, books and bounds is the same: what keys take turns is known of it. */
  function chatModelOf(model: EmbeddingModel): ChatModel {
    const known = chatModels.get(model);
    if (known !== undefined) return known;
    const { name, identity, keys, keyHash, withoutKeys } = model;
    const made: ChatModel = {
      name,
      identity,
      get effect() {
        return model.effect;
      },
      ...(keys === undefined ? {} : { keys: keys.map(chatModelOf) }),
      ...(keyHash === undefined ? {} : { keyHash }),
      ...(withoutKeys === undefined ? {} : { withoutKeys }),
      async *stream({ messages }, signal) {
        const texts = messages.map(({ content }) => content);
        const { vectors, usage, limits, model: answeredBy, requestId, raw } = await model.embed(texts, signal);
        yield {
          type: "head",
          ...(requestId === undefined ? {} : { requestId }),
          ...(limits === undefined ? {} : { limits }),
        };
        answers.set(messages, vectors);
        yield {
          type: "finish",
          reason: "stop",
          // Vectors are no tokens.
          usage: usage.input === undefined ? usage : { output: 0, ...usage },
          ...(answeredBy === undefined ? {} : { model: answeredBy }),
          ...(raw === undefined ? {} : { raw }),
        };
      },
    };
    chatModels.set(model, made);
    return made;
  }

  async function request(
    model: EmbeddingModel,
    texts: readonly string[],
    { address = nowhere, priority = "interactive" }: EmbedCall,
    { notebook, run, onSend }: EmbeddingContext & Pick<CallContext, "onSend">,
    signal: AbortSignal,
  ): Promise<{ readonly vectors: readonly Float32Array[]; readonly facts: CallFacts }> {
    const messages: readonly Message[] = texts.map((content) => ({ role: "user", content }));
    const key = embeddingKey(model, texts);
    const sent = await send(
      {
        key,
        model: chatModelOf(model),
        request: {
          messages,
          // Nothing is answered that has tokens.
          parameters: { max_tokens: 0 },
          sending: { priority, group: run },
        },
        context: { notebook, run, priority, ...(onSend === undefined ? {} : { onSend }) },
        address,
        step: 0,
      },
      signal,
      ignore,
    );
    const facts: CallFacts = { ...callFacts(key, model.name, sent), embeds: true };
    if (sent.end.state === "done") return { vectors: answers.get(messages)!, facts };
    throw sent.end.state === "cancelled" ? sent.thrown : failedWith(sent.thrown, { call: facts });
  }

  return {
    estimate: (all) => estimateEmbeddings(all, { resolve, prices, clock }),
    async embed(call, context) {
      const { texts, signal = never, priority } = call;
      const model = resolve(call.model);
      if (model.identity["baseUrl"] === undefined) return model.embed(texts, call.signal, priority);
      await model.ready?.();
      // One signal may stand for all the rows of a run.
      setMaxListeners(0, signal);
      const vectors: Float32Array[] = [];
      const usages: Usage[] = [];
      const { within = (_, send) => send(), onCall = ignore } = context;
      const { textsAtOnce: atOnce = texts.length } = model;
      for (let from = 0; from < texts.length; from += atOnce) {
        const slice = texts.slice(from, from + atOnce);
        const send = async (onSend?: () => void): Promise<CallFacts> => {
          const asking = request(model, slice, call, onSend === undefined ? context : { ...context, onSend }, signal);
          inFlight.add(asking);
          const embedded = await asking.finally(() => inFlight.delete(asking));
          vectors.push(...embedded.vectors);
          return embedded.facts;
        };
        const expect = async () => (await expectTexts(model.name, textsSize(slice))).cost;
        try {
          const facts = await within(model.name, send, signal, expect);
          onCall(slice, facts);
          usages.push(facts.usage);
        } catch (thrown) {
          const failed = failedCall(thrown);
          if (failed !== null) onCall(slice, failed);
          throw thrown;
        }
      }
      return { vectors, usage: sumOf(usages) };
    },
    async settled() {
      while (inFlight.size > 0) await Promise.allSettled(inFlight);
    },
  };
}

/** The journal has how much was embedded: texts stand in their tables, and vectors in their cache. */
function countsOnly({ begin, finish }: EmbeddingCallerSettings["journal"]): EmbeddingCallerSettings["journal"] {
  return {
    begin: ({ request, ...intent }) => {
      const { messages } = request as unknown as { readonly messages: readonly Message[] };
      return begin({ ...intent, request: { embedding: sizeOf(messages), parameters: {} } });
    },
    finish,
  };
}

function sizeOf(messages: readonly Message[]): { readonly texts: number; readonly characters: number } {
  return textsSize(messages.map(({ content }) => content));
}

function textsSize(texts: readonly string[]): { readonly texts: number; readonly characters: number } {
  return { texts: texts.length, characters: texts.reduce((sum, { length }) => sum + length, 0) };
}

/** Nothing where one of them is not known. */
function sumOf(usages: readonly Usage[]): Usage {
  if (usages.length === 0 || usages.some(({ input }) => input === undefined)) return {};
  return { input: usages.reduce((sum, { input }) => sum + input!, 0) };
}

function ignore(): void {}
