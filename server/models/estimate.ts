import type { PlannedCall } from "#server/notebook/cell-kind.ts";
import { weakest, type Basis } from "#server/notebook/estimate-basis.ts";
import type { Usage } from "#server/notebook/services.ts";
import type { CallHistory, CallPlace, PastCalls } from "./call-history.ts";
import type { Places } from "./calling/create-calling.ts";
import type { CallEnd } from "#server/store/journal.ts";
import { mayAnswer } from "./may-answer.ts";
import type { ChatModel } from "./model.ts";
import {
  cachedShare,
  eachEnd,
  foretellInput,
  foretellOutput,
  foretellSeconds,
  type CallsAhead,
  type Foretold,
} from "./predict-calls.ts";
import type { Range } from "./predict-total.ts";
import { priceRange } from "./price-range.ts";
import type { Prices } from "./prices.ts";
import { certainOf, schemaBeside, type Countable } from "./capabilities/sent-schema.ts";
import { requestLength, schemaLength } from "./request-length.ts";
import { sumRanges } from "./sum-ranges.ts";
import type { CountedTokens, CountTokens } from "./token-counter.ts";

export type { Range } from "./predict-total.ts";

/** A call that would be made. */
export interface CallToCome extends PlannedCall {
  /** The place its like were made for, where it is known. */
  readonly place?: CallPlace;
  /** How many it stands for where it is one of a sample. */
  readonly times?: number;
  /** The oldest answer it takes from the journal, in milliseconds: with 0 none, nor one of an equal call. Absent: of any age. */
  readonly maximumAge?: number;
}

/** What the calls of one model would come to. */
export interface ModelEstimate {
  readonly model: string;
  /** Calls that would really go out: equal ones count once, those in the journal not at all. */
  readonly calls: number;
  /** Calls the journal answers. */
  readonly cached: number;
  /** Calls that another one which goes out answers, since both ask the same. */
  readonly equal: number;
  /** Tokens in and out of all the calls. */
  readonly input: Range;
  readonly output: Range;
  /** US dollars of all the calls; null where the price is not known. */
  readonly cost: Range | null;
  /** Seconds with as many calls at once as the model takes, or may be found to take; null before its first call. */
  readonly seconds: Range | null;
  /** What the tokens rest on, the least sure of it. */
  readonly basis: { readonly input: Basis; readonly output: Basis };
}

export interface CallsEstimate {
  /** Whether these are counted of a sample of the rows, so that all numbers of calls are about so many. */
  readonly sampled: boolean;
  readonly calls: number;
  readonly cached: number;
  readonly equal: number;
  /** Tokens in and out of all the calls. */
  readonly input: Range;
  readonly output: Range;
  /** US dollars of the models whose price is known. */
  readonly cost: Range;
  /** Models whose price is not known: where there are any, the truth is more than `cost`. */
  readonly unpriced: readonly string[];
  /** Seconds, models side by side; null where one of them was never called. */
  readonly seconds: Range | null;
  readonly models: readonly ModelEstimate[];
  /** Calls that would be refused before they are sent, by the reason: in none of the figures. Absent where there are none. */
  readonly refused?: readonly RefusedCalls[];
  /** Texts that some of the calls embed; absent where none are. */
  readonly embedded?: EmbeddedCount;
}

/** How many texts a paid model embeds, and whether some of them may have their vectors already. */
export interface EmbeddedCount {
  readonly texts: number;
  readonly atMost: boolean;
}

/** Calls that a model cannot answer, and why. */
export interface RefusedCalls {
  readonly model: string;
  readonly calls: number;
  readonly because: string;
}

export interface EstimateSettings {
  readonly resolve: (name: string) => ChatModel;
  readonly key: (call: PlannedCall, model: ChatModel) => string;
  /** Of these keys those that the journal answers, and since when. */
  readonly find: (keys: readonly string[]) => Promise<ReadonlyMap<string, Pick<CallEnd, "endedAt" | "attempts">>>;
  readonly history: Pick<CallHistory, "of">;
  readonly prices: Prices;
  readonly clock: () => number;
  /** How many calls of a model are in flight at once, now and as is expected. */
  readonly places: (model: ChatModel) => Places;
  readonly countTokens?: CountTokens;
}

/** Calls of one model and place. */
interface Group {
  readonly model: ChatModel;
  /** Models that are paid for and may take over from one that is not. */
  readonly dearer: readonly ChatModel[];
  readonly place: CallPlace | undefined;
  readonly sent: { readonly key: string; readonly call: PlannedCall }[];
  /** How many calls each of them stands for. */
  readonly times: number;
  cached: number;
  equal: number;
}

/** What a group comes to. */
interface GroupEstimate {
  readonly group: Group;
  readonly input: Foretold;
  readonly output: Foretold;
  readonly cost: Range | null;
  /** The model whose price is not known, where that is why there is no cost. */
  readonly unpriced: string | null;
  readonly seconds: Range | null;
}

/**
 * What planned calls would come to, without making them: how many would go out, tokens, money and time. Money, tokens and time are
 * ranges of the total, because neither the tokenizer nor the answers' lengths are known beforehand.
 */
export async function estimateCalls(
  planned: Iterable<CallToCome> | AsyncIterable<CallToCome>,
  settings: EstimateSettings,
): Promise<CallsEstimate> {
  const groups = await groupCalls(planned, settings);
  const estimated = await Promise.all(groups.map((group) => estimateGroup(group, settings)));
  const models = Array.from(Map.groupBy(estimated, ({ group }) => group.model.name).values(), (ofModel) =>
    modelEstimate(ofModel),
  );
  const priced = estimated.filter(({ cost }) => cost !== null);
  const seconds = models.filter(({ calls }) => calls > 0).map((model) => model.seconds);
  return {
    sampled: groups.some(({ times }) => times !== 1),
    calls: total(models, "calls"),
    cached: total(models, "cached"),
    equal: total(models, "equal"),
    ...tokensOf(estimated),
    cost: sumCosts(priced),
    unpriced: [...new Set(estimated.flatMap(({ unpriced }) => unpriced ?? []))],
    seconds: seconds.includes(null) ? null : eachEnd((end) => Math.max(0, ...seconds.map((range) => range![end]))),
    models,
  };
}

/** Sorts calls by model and place, and tells those that would go out from those that are answered. */
async function groupCalls(
  planned: Iterable<CallToCome> | AsyncIterable<CallToCome>,
  settings: EstimateSettings,
): Promise<readonly Group[]> {
  const groups = new Map<string, Group>();
  const keyed: { readonly key: string; readonly call: CallToCome; readonly group: Group }[] = [];
  for await (const call of planned) {
    const model = known(settings.resolve, call.model);
    if (model === null) continue;
    const { place, times = 1, fallbacks = [] } = call;
    const others = model.effect === "paid" ? [] : fallbacks.map((name) => known(settings.resolve, name));
    const dearer = others.filter((other) => other?.effect === "paid") as readonly ChatModel[];
    const names = [model, ...dearer].map((one) => one.name);
    const name = JSON.stringify([names, place?.notebook, place?.cell, place?.variant, times]);
    const group = groups.get(name) ?? { model, dearer, place, sent: [], times, cached: 0, equal: 0 };
    groups.set(name, group);
    keyed.push({ key: settings.key(call, model), call, group });
    // Tens of thousands of keys must not hold up the server.
    if (keyed.length % 500 === 0) await new Promise(setImmediate);
  }
  const inJournal = await settings.find([...new Set(keyed.map((item) => item.key))]);
  const seen = new Set<string>();
  const now = settings.clock();
  for (const { key, call, group } of keyed) {
    const { maximumAge = Number.POSITIVE_INFINITY } = call;
    const answer = maximumAge > 0 ? inJournal.get(key) : undefined;
    const isYoung = answer !== undefined && now - answer.endedAt <= maximumAge;
    if (isYoung && mayAnswer(answer, call.fallbacks)) group.cached += 1;
    else if (maximumAge > 0 && seen.has(key)) group.equal += 1;
    else {
      if (maximumAge > 0) seen.add(key);
      group.sent.push({ key, call });
    }
  }
  return [...groups.values()];
}

async function estimateGroup(group: Group, settings: EstimateSettings): Promise<GroupEstimate> {
  const { model, place, sent, times } = group;
  const past = settings.history.of(model.name, place);
  // What it can do is asked once of all.
  const known = { ...model };
  const texts = sent.map((one) => certainOf(one, known.capabilities));
  const schemas = sent.map(({ call }) => schemaBeside(call, known));
  // Pictures are tokens that no tokenizer of text counts.
  const countable = sent.every(({ call: { images = [] } }) => images.length === 0);
  const count = async (all: readonly Countable[]): Promise<CountedTokens | null> =>
    all.length === 0 ? { tokens: 0, error: 0 } : ((await settings.countTokens?.(model, all)) ?? null);
  const [counted, ofSchemas] = countable
    ? await Promise.all([count(texts), count(schemas.filter((one) => one !== null))])
    : [null, null];
  const certain = sent.map(({ call }, index) => requestLength({ ...call, ...texts[index]!.call }));
  const beside = schemas.map((one) => one?.call.completion?.length ?? 0);
  const lengths = certain.map((length, index) => length + beside[index]!);
  const messages = sent.reduce((sum, { call }) => sum + (call.completion === undefined ? call.messages.length : 0), 0);
  const ahead: CallsAhead = {
    count: callsOf(group),
    characters: times * sum(sent.map(({ call }) => requestLength(call))),
    schema: times * sum(sent.map(({ call }) => schemaLength(call))),
    sent: { certain: times * sum(certain), beside: times * sum(beside) },
    messages: times * messages,
    counted:
      counted === null || ofSchemas === null
        ? null
        : { ...counted, tokens: times * counted.tokens, schema: times * ofSchemas.tokens },
    limits: sent.map(({ call }) => call.parameters.max_tokens ?? Number.POSITIVE_INFINITY),
    times,
  };
  const input = foretellInput(ahead, past);
  const output = foretellOutput(ahead, past);
  return {
    group,
    input,
    output,
    ...(await costOfGroup(group, { lengths, input: input.range, output: output.range, past }, settings)),
    seconds: foretellSeconds(callsOf(group), settings.places(model), past),
  };
}

/** What the price of a group rests on. */
interface Size {
  /** How long each of its requests is, in characters. */
  readonly lengths: readonly number[];
  /** Tokens of all its calls. */
  readonly input: Range;
  readonly output: Range;
  readonly past: PastCalls | null;
}

/** What the calls cost by their model, or at most by the dearest of those that may take over from it. */
async function costOfGroup(
  group: Group,
  size: Size,
  settings: EstimateSettings,
): Promise<Pick<GroupEstimate, "cost" | "unpriced">> {
  const [own, ...others] = await Promise.all(
    [group.model, ...group.dearer].map(async (model) => ({
      model,
      cost: await costRange({ ...group, model }, size, settings),
    })),
  );
  const unknown = [own!, ...others].find(({ cost }) => cost === null);
  if (unknown !== undefined) return { cost: null, unpriced: unknown.model.name };
  const { low, likely, high } = own!.cost!;
  return { cost: { low, likely, high: Math.max(high, ...others.map(({ cost }) => cost!.high)) }, unpriced: null };
}

/** Requests are priced with those that are at most so much longer. */
const alike = 1.1;

/**
 * The price of the calls, each with the share of the tokens that its request has of all characters: rates may depend on the length of a
 * single one, so those about as long are priced together, and no others with them.
 */
async function costRange(
  group: Group,
  { lengths, input, output, past }: Size,
  settings: EstimateSettings,
): Promise<Range | null> {
  const calls = callsOf(group);
  const cost = { low: 0, likely: 0, high: 0 };
  if (calls === 0) return cost;
  const share = cachedShare(past);
  const all = sum(lengths);
  for (const some of Map.groupBy(lengths, (length) => Math.floor(Math.log1p(length) / Math.log(alike))).values()) {
    const count = calls * (some.length / lengths.length);
    const ofInput = all === 0 ? some.length / lengths.length : sum(some) / all;
    const meanAt = (end: keyof Range): Usage => {
      const mean = (input[end] * ofInput) / count;
      const usage = { input: mean, output: output[end] / calls };
      // What was cached before need not be again.
      const cachedInput = end === "high" ? 0 : mean * share;
      return cachedInput === 0 ? usage : { ...usage, cachedInput };
    };
    const single = await priceRange(group.model, meanAt, settings);
    if (single === null) return null;
    for (const end of ["low", "likely", "high"] as const) cost[end] += single[end] * count;
  }
  return cost;
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}

function modelEstimate(groups: readonly GroupEstimate[]): ModelEstimate {
  const going = groups.filter(({ group }) => group.sent.length > 0);
  const bySeconds = going.map(({ seconds }) => seconds);
  return {
    model: groups[0]!.group.model.name,
    calls: groups.reduce((sum, { group }) => sum + callsOf(group), 0),
    cached: groups.reduce((sum, { group }) => sum + Math.round(group.cached * group.times), 0),
    equal: groups.reduce((sum, { group }) => sum + Math.round(group.equal * group.times), 0),
    ...tokensOf(groups),
    cost: groups.some(({ cost }) => cost === null) ? null : sumCosts(groups),
    // The model takes them one after another, so many at once.
    seconds: bySeconds.includes(null)
      ? null
      : eachEnd((end) => bySeconds.reduce((sum, seconds) => sum + seconds![end], 0)),
    basis: {
      input: weakest(going.map(({ input }) => input.basis)),
      output: weakest(going.map(({ output }) => output.basis)),
    },
  };
}

function tokensOf(groups: readonly GroupEstimate[]): Pick<ModelEstimate, "input" | "output"> {
  const going = groups.filter(({ group }) => group.sent.length > 0);
  return {
    input: sumRanges(going.map(({ input }) => input)),
    output: sumRanges(going.map(({ output }) => output)),
  };
}

/** How many calls go out for a group, about so many where it is a sample. */
function callsOf({ sent, times }: Group): number {
  return Math.round(sent.length * times);
}

function sumCosts(groups: readonly GroupEstimate[]): Range {
  return sumRanges(
    groups.map(({ group, cost, output }) =>
      // Whether another takes over is no question of the answers' lengths.
      group.dearer.length > 0 ? { range: cost!, basis: "assumed" } : { ...output, range: cost! },
    ),
  );
}

function total(models: readonly ModelEstimate[], of: "calls" | "cached" | "equal"): number {
  return models.reduce((sum, model) => sum + model[of], 0);
}

/** The model of a name; null where there is none: its calls send nothing, and say why when they are made. */
function known(resolve: EstimateSettings["resolve"], name: string): ChatModel | null {
  try {
    return resolve(name);
  } catch {
    return null;
  }
}
