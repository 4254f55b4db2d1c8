import type { Basis } from "#server/notebook/estimate-basis.ts";
import type { PastCalls } from "./call-history.ts";
import type { Places } from "./calling/create-calling.ts";
import { predict, predictTotal, type Draw, type Range } from "./predict-total.ts";

/** Calls to come, all of one model and place. */
export interface CallsAhead {
  readonly count: number;
  /** Of their requests in all, and of the schemas of these besides. */
  readonly characters: number;
  readonly schema: number;
  /** Of the texts that are sent for certain, with schemas in their words, and of schemas beside them, which may be no tokens at all. */
  readonly sent: { readonly certain: number; readonly beside: number };
  readonly messages: number;
  /** Tokens of their requests, where a tokenizer has counted them, how far, as a share, it may be off, and the most that schemas beside them have. */
  readonly counted: { readonly tokens: number; readonly error: number; readonly schema: number } | null;
  /** The most tokens answers may have, each for `times` of them. */
  readonly limits: readonly number[];
  readonly times: number;
}

/** A total, and what it rests on. */
export interface Foretold {
  readonly range: Range;
  readonly basis: Basis;
  /** The calls of the same place it rests on; absent where it rests on others. */
  readonly sample?: Sample;
}

/** Calls a total was foretold from. */
export interface Sample {
  /** Student's degrees of freedom of the range. */
  readonly degrees: number;
  /** By how much each is off what is foretold of its like, by its row. */
  readonly misses: ReadonlyMap<string, number>;
}

/** Characters a token has: 4 is OpenAI's rule of thumb for English; code, digits and other scripts have fewer, plain prose more. */
const charactersPerToken: Range = { low: 5, likely: 4, high: 2.5 };

/** Tokens a provider adds for each message's role and separators, about. */
const tokensPerMessage = 4;

/** Tokens of an answer nothing is known about. */
const assumedOutput: Range = { low: 1, likely: 300, high: 4_096 };

/** How far seconds may be off where fewer calls are known than say how they spread. */
const offOfFew: Range = { low: 1 / 3, likely: 1, high: 3 };
const few = 3;

/** Characters have about as many tokens in one request of a cell as in another, */
const spreadOfInput = 0.1;

/** unless it is so many times as long or as short: in short ones much of it is what a provider adds. */
const alikeTimes = 2;

export function foretellInput(ahead: CallsAhead, past: PastCalls | null): Foretold {
  const learnt = learntInput(ahead, past);
  if (ahead.counted === null) return learnt ?? assumedInput(ahead);
  const { tokens, error, schema } = ahead.counted;
  const range = {
    low: tokens * (1 - error),
    likely: tokens + schema / 2,
    high: (tokens + schema) * (1 + error),
  };
  // How much a provider makes of a schema, its past calls say.
  if (schema > 0) return learnt?.basis === "place" ? learnt : { range, basis: "schema" };
  // What a provider puts before every request, no tokenizer knows.
  const isOff = learnt?.basis === "place" && (learnt.range.high < range.low || range.high < learnt.range.low);
  return error > 0 && isOff ? learnt : { range, basis: "tokenizer" };
}

/** By how many tokens so many characters had; other texts than those of the cell, or far longer ones, may have as few or as many of them as any. */
function learntInput(ahead: CallsAhead, past: PastCalls | null): Foretold | null {
  const { count, characters, schema, sent } = ahead;
  const draws = (past?.calls ?? []).flatMap(({ characters: length, schema: more = 0, usage: { input } }) => {
    const size = (length ?? 0) + more;
    return length === null || size === 0 || input === undefined ? [] : [{ size, amount: input }];
  });
  if (past === null || draws.length === 0) return null;
  const isAlike = past.from === "place" && areAsLong(draws, (characters + schema) / count);
  const assumed = assumedInput(ahead).range;
  const of = (size: number): Range => {
    const range = predictTotal(draws, { count, size }, { bySize: true, spread: spreadOfInput });
    if (isAlike) return range;
    const end = (which: keyof Range): number => (range.likely * charactersPerToken.likely) / charactersPerToken[which];
    return {
      low: Math.min(range.low, end("low"), assumed.low),
      likely: range.likely,
      high: Math.max(range.high, end("high"), assumed.high),
    };
  };
  const range = of(characters + schema);
  // What those of another place had of schemas says nothing of this one's.
  const isOpen = past.from !== "place" && sent.beside > 0;
  return { range: isOpen ? { ...range, low: Math.min(range.low, of(characters).low) } : range, basis: past.from };
}

/** Whether a request of that many characters is about as long as some that are known. */
function areAsLong(draws: readonly Draw[], size: number): boolean {
  const sizes = draws.map((draw) => draw.size);
  return Math.min(...sizes) / alikeTimes <= size && size <= Math.max(...sizes) * alikeTimes;
}

function assumedInput({ sent: { certain, beside }, messages }: CallsAhead): Foretold {
  const share: Range = { low: 0, likely: 0.5, high: 1 };
  const tokens = (end: keyof Range): number => Math.ceil((certain + share[end] * beside) / charactersPerToken[end]);
  return { range: eachEnd((end) => messages * tokensPerMessage + tokens(end)), basis: "assumed" };
}

export function foretellOutput(
  { count, characters, limits, times }: Pick<CallsAhead, "count" | "characters" | "limits" | "times">,
  past: PastCalls | null,
): Foretold {
  const known = (past?.calls ?? []).flatMap(
    ({ characters: size, row, cutOffAt = Number.POSITIVE_INFINITY, usage: { output } }) =>
      output === undefined ? [] : [{ size: size ?? 0, amount: output, row, cutOffAt }],
  );
  const within = (end: (limit: number) => number): number => times * limits.reduce((sum, limit) => sum + end(limit), 0);
  if (past === null || known.length === 0)
    return { range: eachEnd((end) => within((limit) => Math.min(assumedOutput[end], limit))), basis: "assumed" };
  // Those that ended at a lower most than now say no more than how long an answer is at the least.
  const each = count === 0 ? 0 : within((limit) => limit) / count;
  const isOpen = (draw: (typeof known)[number]): boolean => draw.cutOffAt < each;
  const draws = known.slice(known.findLastIndex(isOpen) + 1);
  if (draws.length < few && draws.length < known.length) {
    const ifEach = (open: (amount: number) => number): Range =>
      predictTotal(
        known.map((draw) => (isOpen(draw) ? { ...draw, amount: open(draw.amount) } : draw)),
        { count, size: characters },
        { most: within((limit) => limit) },
      );
    const longest = (amount: number): number => Math.max(amount, Math.min(each, assumedOutput.high));
    return {
      range: {
        low: ifEach((amount) => amount).low,
        likely: ifEach((amount) => Math.sqrt(amount * longest(amount))).likely,
        high: ifEach(longest).high,
      },
      basis: "assumed",
    };
  }
  if (past.from === "place") {
    const most = within((limit) => limit);
    const { range, degrees, misses } = predict(draws, { count, size: characters }, { most });
    const byRow = draws.flatMap(({ row }, index) => (row === undefined ? [] : [[row, misses[index]!] as const]));
    return { range, basis: "place", sample: { degrees, misses: new Map(byRow) } };
  }
  // Those of another cell say what lengths there are, and not how long this one's are on average.
  const single = spreadOf(draws.map(({ amount }) => amount));
  return { range: eachEnd((end) => within((limit) => Math.min(single[end], limit))), basis: past.from };
}

/** Seconds until all are answered, as many at once as are expected, and at the worst no more than now; null before the model's first call that was no batch's. */
export function foretellSeconds(count: number, places: Places, past: PastCalls | null): Range | null {
  const latencies = (past?.calls ?? []).flatMap(({ latency }) =>
    latency === null ? [] : [{ size: 1, amount: latency / 1_000 }],
  );
  if (latencies.length === 0) return null;
  const one = spreadOf(latencies.map(({ amount }) => amount)).likely;
  const all =
    latencies.length < few
      ? eachEnd((end) => one * count * offOfFew[end])
      : predictTotal(latencies, { count, size: count });
  return eachEnd((end) =>
    count === 0 ? 0 : Math.max(all[end] / (end === "high" ? places.now : places.expected), one),
  );
}

/** The share of a request's tokens that the provider had cached, in past calls of the same place. */
export function cachedShare(past: PastCalls | null): number {
  if (past?.from !== "place") return 0;
  const sum = (kind: "input" | "cachedInput"): number =>
    past.calls.reduce((total, { usage }) => total + (usage[kind] ?? 0), 0);
  return sum("input") === 0 ? 0 : sum("cachedInput") / sum("input");
}

/** The tenth, the mean and the ninetieth of a hundred. */
function spreadOf(values: readonly number[]): Range {
  const sorted = values.toSorted((left, right) => left - right);
  const likely = values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    low: Math.min(likely, sorted[Math.floor(0.1 * (sorted.length - 1))]!),
    likely,
    high: Math.max(likely, sorted[Math.ceil(0.9 * (sorted.length - 1))]!),
  };
}

export function eachEnd(value: (end: keyof Range) => number): Range {
  return { low: value("low"), likely: value("likely"), high: value("high") };
}
