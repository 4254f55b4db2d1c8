import { setMaxListeners } from "node:events";
import type { PlannedCall } from "#server/notebook/cell-kind.ts";
import type { Datum } from "#server/notebook/value.ts";
import type { ChatAnswer, ChatCall } from "#server/notebook/services.ts";
import type { Journal } from "#server/store/journal.ts";
import { batchFind, cached } from "./cached.ts";
import { mayAnswer } from "./may-answer.ts";
import { addAnswered, createCallHistory, type CallHistory } from "./call-history.ts";
import { bounded, type SpendingBounds } from "./bounded.ts";
import { expectByEstimate } from "./expected-cost.ts";
import { callFacts } from "./call-facts.ts";
import { callKey } from "./call-key.ts";
import { countedRefusal } from "./capabilities/counted-refusal.ts";
import { refusalOf } from "./capabilities/refusal-of.ts";
import { countRefused } from "./capabilities/count-refused.ts";
import { estimateCalls, type CallsEstimate, type CallToCome, type EstimateSettings } from "./estimate.ts";
import { createCalling, type Calling } from "./calling/create-calling.ts";
import { systemTimers } from "./calling/timers.ts";
import { failedWith } from "./failed-with.ts";
import type { FreeAnswer } from "./free-answers.ts";
import { noAnswer } from "./no-answer.ts";
import { journaled } from "./journaled.ts";
import { imageInput, noFiles, type KeptFiles } from "./image-input.ts";
import type { ChatModel, ChatRequest } from "./model.ts";
import { priced } from "./priced.ts";
import { createPrices, type Prices } from "./prices.ts";
import type { CallContext, OutgoingCall, Send, SentCall } from "./sender.ts";
import { shared } from "./shared.ts";
import { streamed } from "./streamed.ts";

export interface CallerSettings {
  /** The model of a full name: `createModels(…).chatModel`. */
  readonly resolve: (name: string) => ChatModel;
  readonly journal: Pick<Journal, "find" | "begin" | "finish">;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly prices?: Prices;
  /** Past calls for estimates: `createCallHistory(await journal.list({ limit: 1000 }))`. */
  readonly history?: CallHistory;
  /** What waits, repeats and gives up: the usual where absent. */
  readonly calling?: Calling;
  readonly countTokens?: EstimateSettings["countTokens"];
  /** Told of each answer that nothing was sent for. */
  readonly onFree?: (answer: FreeAnswer) => void;
  /** Budgets that hold for all calls; none where absent. */
  readonly budgets?: SpendingBounds;
  /** The files that are kept by content, for images. */
  readonly files?: KeptFiles;
}

/** The one door to all models: with journal, sharing, limits and prices. */
export interface Caller {
  /**
   * The answer to a call: from the journal, from an equal call in flight, or from the model. It resolves only when the answer
   * is on disk. Throws the signal's reason where cancelled, a `WaitingError` where something must come first, and otherwise a
   * `ModelError` whose facts have the text that came before it (`partial`) and what it came to (`call`).
   */
  chat(call: ChatCall, context: CallContext): Promise<ChatAnswer>;
  callKey(call: PlannedCall): Promise<string>;
  /** What a call sends, once its model is ready. Rejects as the call would where its model cannot be asked, or cannot answer it. */
  prepare(call: PlannedCall): Promise<ChatRequest>;
  /** The journal's answers to planned calls, in their order; null where a call would go out. */
  findCached(calls: readonly PlannedCall[], maximumAge?: number): Promise<readonly (ChatAnswer | null)[]>;
  /** What planned calls would come to; with `anew` as if the journal had none of them. */
  estimate(calls: Iterable<CallToCome>, options?: { readonly anew?: boolean }): Promise<CallsEstimate>;
  /** Resolves when every call begun so far has ended and is written. */
  settled(): Promise<void>;
}

const never = new AbortController().signal;
setMaxListeners(0, never);

/** Joins models, journal, prices and limits: what the engine gives cells as `services.chat`. */
export function createCaller(settings: CallerSettings): Caller {
  const {
    resolve,
    journal,
    clock,
    prices = createPrices(),
    history = createCallHistory(),
    calling = createCalling({ timers: systemTimers(clock), random: Math.random }),
    countTokens,
    onFree = ignore,
    budgets,
    files = noFiles,
  } = settings;
  const find = batchFind(journal);
  const ready = readiness(countTokens);
  const expectCost = expectByEstimate((call) => estimateQuickly([call]));
  const inside = journaled(priced(reached(streamed(clock), calling), prices, expectCost), journal, clock);
  const within = budgets === undefined ? inside : bounded(inside, budgets, expectCost);
  const send = shared(prepared(within, ready), (inner) => cached(inner, find, clock));
  const inFlight = new Set<Promise<unknown>>();
  const modelOf = (call: PlannedCall): ChatModel => resolve(call.model);
  const othersOf = ({ fallbacks = [] }: PlannedCall): readonly ChatModel[] => fallbacks.map(resolve);

  const { places } = calling;
  const estimating = { resolve, key: callKey, history, prices, clock, places };

  /** Without asking a tokenizer or the journal. */
  const estimateQuickly = (calls: readonly CallToCome[]): Promise<CallsEstimate> =>
    estimateCalls(calls, { ...estimating, find: async () => new Map() });

  const lookUp = async (keys: readonly string[]) => {
    const answers = await Promise.all(keys.map(find));
    return new Map(keys.flatMap((key, index) => (answers[index] ? [[key, answers[index]] as const] : [])));
  };

  const answer = async (call: ChatCall, context: CallContext): Promise<ChatAnswer> => {
    const model = modelOf(call);
    const key = callKey(call, model);
    const signal = call.signal ?? never;
    // One signal may stand for a run of thousands of calls.
    if (call.signal !== undefined) setMaxListeners(0, call.signal);
    const { address, step, onText = ignore } = call;
    const others = othersOf(call);
    const { priority = "interactive", run: group } = context;
    const request = { ...requestOf(call, files), sending: { priority, group } };
    const sent = await send({ key, model, others, request, context, address, step }, signal, onText);
    const { end } = sent;
    if (!sent.cached)
      addAnswered(history, { ...context, model: model.name, address, step, request: call, sentAt: sent.sentAt, end });
    // What a batch answered was paid for, and is used then: nobody knows which use is the first.
    if (end.state === "done" && sent.cached && !isOfBatch(end.price)) {
      const { notebook, run } = context;
      const { input = 0, output = 0 } = end.usage;
      onFree({ at: clock(), run, notebook, cell: address.cell, model: model.name, cost: end.cost, input, output });
    }
    if (end.state === "cancelled") throw sent.thrown;
    const facts = { partial: end.text, call: callFacts(key, model.name, sent) };
    if (end.state !== "done") throw failedWith(sent.thrown, facts);
    // No tools are given to a model: one that wants to call some, or ends as no answer does, has answered only what it said before.
    if (end.finish === "other" && end.text.trim() === "")
      throw noAnswer(`${model.name} ended without a word of an answer`).with(facts);
    return toAnswer(key, model.name, sent);
  };

  return {
    chat(call, context) {
      const answering = answer(call, context);
      inFlight.add(answering);
      const landed = (): void => void inFlight.delete(answering);
      answering.then(landed, landed);
      return answering;
    },
    callKey: async (call) => callKey(call, modelOf(call)),
    async prepare(call) {
      const [model, request] = [modelOf(call), requestOf(call, files)];
      await ready({ key: callKey(call, model), model, request }, never);
      return request;
    },
    async findCached(calls, maximumAge = Number.POSITIVE_INFINITY) {
      const keyed = calls.map((call) => ({
        name: call.model,
        fallbacks: call.fallbacks,
        key: callKey(call, modelOf(call)),
      }));
      const found = await lookUp(keyed.map(({ key }) => key));
      return keyed.map(({ key, name, fallbacks }) => {
        const end = found.get(key);
        if (end === undefined || clock() - end.endedAt > maximumAge || !mayAnswer(end, fallbacks)) return null;
        return toAnswer(key, name, { sentAt: end.sentAt, end, cached: true });
      });
    },
    async estimate(calls, { anew = false } = {}) {
      const refused = countRefused(calls, { resolve, key: callKey, countTokens });
      const estimate = await estimateCalls(refused.others, {
        ...estimating,
        find: anew ? async () => new Map() : lookUp,
        ...(countTokens === undefined ? {} : { countTokens }),
      });
      return refused.count() === 0 ? estimate : { ...estimate, refused: refused.list() };
    },
    async settled() {
      while (inFlight.size > 0) await Promise.allSettled(inFlight);
    },
  };
}

/** Sends only where the model can answer: a call that cannot go out is neither in the line nor in the journal. */
function prepared(send: Send, ready: ReturnType<typeof readiness>): Send {
  return async (call, signal, onText) => {
    const { onFile } = call.context;
    try {
      await ready(call, signal, onFile);
    } finally {
      onFile?.(null);
    }
    return send(call, signal, onText);
  };
}

/** Resolves when a model can answer a request; rejects where it cannot. */
function readiness(countTokens: EstimateSettings["countTokens"]) {
  return async (
    call: Pick<OutgoingCall, "key" | "model" | "request">,
    signal: AbortSignal,
    onFile?: CallContext["onFile"],
  ): Promise<void> => {
    const { model, request } = call;
    const refusal =
      refusalOf(request, model) ?? (countTokens === undefined ? null : await countedRefusal(call, model, countTokens));
    if (refusal !== null) throw refusal;
    await model.ready?.(signal, onFile);
  };
}

/** Sends to the model with all that is joined to it. */
function reached(send: Send, calling: Calling): Send {
  return (call, signal, onText) => send({ ...call, model: calling.reach(call.model, call.others) }, signal, onText);
}

function requestOf(call: PlannedCall, files: KeptFiles): ChatRequest {
  const { messages, completion, parameters, schema, images = [], imageMessage } = call;
  return {
    messages,
    parameters,
    ...(completion === undefined ? {} : { completion }),
    ...(schema === undefined ? {} : { schema }),
    ...(images.length === 0 ? {} : { images: images.map((image) => imageInput(image, files)) }),
    ...(imageMessage === undefined ? {} : { imageMessage }),
  };
}

function toAnswer(key: string, name: string, sent: SentCall): ChatAnswer {
  return { text: sent.end.text, finish: sent.end.finish ?? "other", call: callFacts(key, name, sent) };
}

function isOfBatch(price: Datum): boolean {
  return typeof price === "object" && price !== null && "batch" in price;
}

function ignore(): void {}
