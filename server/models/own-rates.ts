/** Rates of one model in US dollars for a million tokens; the cached rates default to the input's. */
export interface ModelRates {
  readonly input: number;
  readonly output: number;
  readonly cachedInput?: number;
  readonly cacheWrite?: number;
}

/** Rates from a time on, milliseconds since 1970; null for always. */
export interface DatedRates {
  readonly from: number | null;
  readonly rates: ModelRates;
}

/** A workspace's own prices by the models' full names, each with its history, in the order of time. */
export interface OwnPrices {
  /** Null while they could not be read once: nobody knows which models have a price of their own. */
  readonly models: { readonly [model: string]: readonly DatedRates[] } | null;
  /** Why they cannot be read as they are now; `models` are those read before. */
  readonly problem: string | null;
}

/** The rates that hold for a model at a time; null where its workspace has none then. */
export function ratesAt({ models }: OwnPrices, model: string, at: number): DatedRates | null {
  const dated = models !== null && Object.hasOwn(models, model) ? models[model]! : [];
  return dated.findLast(({ from }) => from === null || from <= at) ?? null;
}

/** Whether a model costs something by its workspace's own rates. */
export function hasOwnPrice(prices: OwnPrices, model: string, at: number): boolean {
  const dated = ratesAt(prices, model, at);
  return dated !== null && Object.values(dated.rates).some((rate) => rate > 0);
}

/** What a usage costs at rates, US dollars. `cachedInput` and `cacheWrite` are part of `input`. */
export function costAt(rates: ModelRates, { input, output, cachedInput = 0, cacheWrite = 0 }: CountedUsage): number {
  const { cachedInput: cachedRate = rates.input, cacheWrite: writeRate = rates.input } = rates;
  const plain = input - cachedInput - cacheWrite;
  return (plain * rates.input + cachedInput * cachedRate + cacheWrite * writeRate + output * rates.output) / 1_000_000;
}

export interface CountedUsage {
  readonly input: number;
  readonly output: number;
  readonly cachedInput?: number;
  readonly cacheWrite?: number;
}
