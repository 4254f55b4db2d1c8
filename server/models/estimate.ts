import type { PlannedCall } from "#server/notebook/cell-kind.ts";
import type { CallHistory } from "./call-history.ts";
import { defaultConcurrency } from "./calling/gated.ts";
import type { ChatModel } from "./model.ts";
import type { Prices } from "./prices.ts";

export interface Range {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
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
  /** Seconds with as many calls at once as the model takes; null before its first call. */
  readonly seconds: number | null;
  /** What the tokens rest on: a tokenizer, or a guess from characters; past answers, or an assumption. */
  readonly basis: { readonly input: "tokenizer" | "characters"; readonly output: "past calls" | "assumed" };
}

export interface CallsEstimate {
  readonly calls: number;
  readonly cached: number;
  readonly equal: number;
  /** US dollars of the models whose price is known. */
  readonly cost: Range;
  /** Models whose price is not known: where there are any, the truth is more than `cost`. */
  readonly unpriced: readonly string[];
  /** Seconds, models side by side; null where one of them was never called. */
  readonly seconds: number | null;
  readonly models: readonly ModelEstimate[];
  /** Calls that would be refused before they are sent, by the reason: in none of the figures. Absent where there are none. */
  readonly refused?: readonly RefusedCalls[];
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
  /** Which of these keys the journal answers. */
  readonly find: (keys: readonly string[]) => Promise<{ has(key: string): boolean }>;
  readonly history: Pick<CallHistory, "of">;
  readonly prices: Prices;
  readonly clock: () => number;
  /** Counts exactly where a tokenizer of the model is at hand; undefined falls back to characters. */
  readonly countTokens?: (model: string, text: string) => number | undefined;
}

/** Characters a token has: 4 is OpenAI's rule of thumb for English; code, digits and other scripts have fewer, plain prose more. */
const charactersPerToken: Range = { low: 5, likely: 4, high: 2.5 };

/** Tokens a provider adds for each message's role and separators, about. */
const tokensPerMessage = 4;

/** Tokens of an answer nothing is known about. */
const assumedOutput: Range = { low: 1, likely: 300, high: 4_096 };

interface Group {
  readonly model: ChatModel;
  calls: number;
  cached: number;
  equal: number;
  input: { low: number; likely: number; high: number };
  output: { low: number; likely: number; high: number };
  exact: boolean;
}

/**
 * What planned calls would come to, without making them: how many would go out, tokens, money and time. Money and tokens are
 * ranges, because neither the tokenizer nor the answers' lengths are known beforehand.
 */
export async function estimateCalls(
  planned: Iterable<PlannedCall>,
  settings: EstimateSettings,
): Promise<CallsEstimate> {
  const { resolve, key, find, history } = settings;
  const groups = new Map<string, Group>();
  const keyed: { readonly key: string; readonly call: PlannedCall; readonly group: Group }[] = [];
  for (const call of planned) {
    const model = known(resolve, call.model);
    if (model === null) continue;
    let group = groups.get(model.name);
    if (group === undefined)
      groups.set(
        model.name,
        (group = { model, calls: 0, cached: 0, equal: 0, input: zero(), output: zero(), exact: true }),
      );
    keyed.push({ key: key(call, model), call, group });
    // Tens of thousands of keys must not hold up the server.
    if (keyed.length % 500 === 0) await new Promise(setImmediate);
  }
  const inJournal = await find([...new Set(keyed.map((item) => item.key))]);
  const seen = new Set<string>();
  for (const { key: callKey, call, group } of keyed) {
    if (inJournal.has(callKey)) group.cached += 1;
    else if (seen.has(callKey)) group.equal += 1;
    else {
      seen.add(callKey);
      group.calls += 1;
      addTokens(group, call, settings);
    }
  }
  const models = await Promise.all([...groups.values()].map((group) => modelEstimate(group, history, settings)));
  const priced = models.flatMap(({ cost }) => (cost === null ? [] : [cost]));
  const seconds = models.filter(({ calls }) => calls > 0).map((model) => model.seconds);
  return {
    calls: models.reduce((sum, { calls }) => sum + calls, 0),
    cached: models.reduce((sum, { cached }) => sum + cached, 0),
    equal: models.reduce((sum, { equal }) => sum + equal, 0),
    cost: priced.reduce((sum, cost) => mapRange(sum, (value, end) => value + cost[end]), zero()),
    unpriced: models.filter(({ cost }) => cost === null).map(({ model }) => model),
    seconds: seconds.includes(null) ? null : Math.max(0, ...seconds.map(Number)),
    models,
  };
}

function addTokens(group: Group, call: PlannedCall, { countTokens, history }: EstimateSettings): void {
  const texts = call.completion === undefined ? call.messages.map(({ content }) => content) : [call.completion];
  const overhead = call.completion === undefined ? texts.length * tokensPerMessage : 0;
  const counts = texts.map((text) => countTokens?.(group.model.name, text));
  const exact = counts.every((count) => count !== undefined);
  group.exact &&= exact;
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  const habits = history.of(group.model.name);
  const limit = call.parameters.max_tokens ?? Number.POSITIVE_INFINITY;
  const output =
    habits === null ? assumedOutput : { low: habits.output.low, likely: habits.output.mean, high: habits.output.high };
  for (const end of ends) {
    group.input[end] +=
      overhead +
      (exact ? counts.reduce((sum, count) => sum + count, 0) : Math.ceil(characters / charactersPerToken[end]));
    group.output[end] += Math.min(output[end], limit);
  }
}

async function modelEstimate(
  group: Group,
  history: Pick<CallHistory, "of">,
  settings: EstimateSettings,
): Promise<ModelEstimate> {
  const { model, calls, cached, equal, input, output, exact } = group;
  const habits = history.of(model.name);
  return {
    model: model.name,
    calls,
    cached,
    equal,
    input,
    output,
    cost: calls === 0 ? zero() : await costRange(group, settings),
    seconds:
      habits === null ? null : (habits.latency / 1_000) * Math.ceil(calls / (model.concurrency ?? defaultConcurrency)),
    basis: { input: exact ? "tokenizer" : "characters", output: habits === null ? "assumed" : "past calls" },
  };
}

/** The price of the mean call times the calls: rates may depend on the length of a single one. */
async function costRange(
  { model, calls, input, output }: Group,
  { prices, clock }: EstimateSettings,
): Promise<Range | null> {
  const cost = zero();
  for (const end of ends) {
    const single = await prices(model, { input: input[end] / calls, output: output[end] / calls }, clock());
    if (single.cost === null) return null;
    cost[end] = single.cost * calls;
  }
  return cost;
}

const ends = ["low", "likely", "high"] as const;

/** The model of a name; null where there is none: its calls send nothing, and say why when they are made. */
function known(resolve: EstimateSettings["resolve"], name: string): ChatModel | null {
  try {
    return resolve(name);
  } catch {
    return null;
  }
}

function zero(): { low: number; likely: number; high: number } {
  return { low: 0, likely: 0, high: 0 };
}

function mapRange(
  range: Range,
  change: (value: number, end: keyof Range) => number,
): { low: number; likely: number; high: number } {
  return { low: change(range.low, "low"), likely: change(range.likely, "likely"), high: change(range.high, "high") };
}
