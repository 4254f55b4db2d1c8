import type { Provider } from "@pydantic/genai-prices";
import type { Usage } from "#server/notebook/services.ts";
import type { Datum } from "#server/notebook/value.ts";
import type { ChatModel } from "./model.ts";
import { costAt, ratesAt, type OwnPrices } from "./own-rates.ts";
import { remember } from "./remember.ts";

/** What a call costs, and how that was worked out. */
export interface Price {
  /** US dollars; null where it is not known, which is not 0. */
  readonly cost: number | null;
  readonly price: { readonly [fact: string]: Datum };
}

/**
 * Gives the price of a usage at a time (milliseconds since 1970). `answeredBy` is the model that really answered, `otherRate` what is said of its
 * processing that the list has no price of.
 */
export type Prices = (
  model: Pick<ChatModel, "name" | "identity" | "effect">,
  usage: Usage,
  at: number,
  answeredBy?: string,
  otherRate?: string | null,
) => Promise<Price>;

type Library = typeof import("@pydantic/genai-prices");

/** What was found once: the list is searched by patterns, through thousands of models. */
interface Found {
  /** By what of the model's identity names them. */
  readonly providers: Map<string, Provider | null>;
  /** A provider with the one model of a name, by both. */
  readonly models: Map<string, Provider>;
}

/**
 * Prices from genai-prices, and before it the workspace's own rates, which hold for models of any kind. Models that cost only time
 * are free otherwise. A model without a known price, an answer without both counts of tokens, or one that was processed at another rate than the list's, is unpriced.
 */
export function createPrices(own: () => OwnPrices = () => nothingOwn): Prices {
  let library: Promise<Library> | undefined;
  const found: Found = { providers: new Map(), models: new Map() };
  return async (model, usage, at, answeredBy, otherRate = null) => {
    const prices = own();
    const dated = ratesAt(prices, model.name, at);
    if (dated === null && model.effect === "model") return { cost: 0, price: { source: "free" } };
    if (prices.models === null) return { cost: null, price: { source: null, reason: prices.problem } };
    const { input, output, cachedInput, cacheWrite } = usage;
    if (input === undefined || output === undefined)
      return { cost: null, price: { source: null, reason: "the provider did not say how many tokens were used" } };
    if (dated !== null) {
      if ((cachedInput ?? 0) + (cacheWrite ?? 0) > input)
        return { cost: null, price: { source: null, reason: "more tokens were cached than the request had" } };
      const { from, rates } = dated;
      const since = from === null ? null : new Date(from).toISOString();
      return {
        cost: costAt(rates, { ...usage, input, output }),
        price: { source: "workspace", since, rates: { ...rates } },
      };
    }
    if (otherRate !== null)
      return { cost: null, price: { source: null, reason: `no price is known for ${otherRate}` } };
    library ??= import("@pydantic/genai-prices");
    return lookUp(await library, found, model, usage, new Date(at), answeredBy);
  };
}

const nothingOwn: OwnPrices = { models: {}, problem: null };

function lookUp(
  library: Library,
  known: Found,
  model: Pick<ChatModel, "name" | "identity">,
  usage: Usage,
  timestamp: Date,
  answeredBy?: string,
): Price {
  const { provider: named = "", baseUrl = "" } = model.identity;
  const provider = remember(
    known.providers,
    JSON.stringify([named, baseUrl]),
    () => providerOf(library, model) ?? null,
  );
  const requested = model.name.slice(model.name.indexOf("/") + 1);
  const tokens = {
    input_tokens: usage.input,
    output_tokens: usage.output,
    ...(usage.cachedInput === undefined ? {} : { cache_read_tokens: usage.cachedInput }),
    ...(usage.cacheWrite === undefined ? {} : { cache_write_tokens: usage.cacheWrite }),
    ...(usage.hourCacheWrite === undefined ? {} : { cache_write_1h_tokens: usage.hourCacheWrite }),
    ...mediaTokens(usage),
  };
  if (provider !== null)
    for (const name of new Set([answeredBy ?? requested, requested])) {
      const key = `${provider.id} ${name}`;
      const found = calculate(library, tokens, name, known.models.get(key) ?? provider, timestamp);
      if (found instanceof Error) return { cost: null, price: { source: null, reason: found.message } };
      if (!known.models.has(key)) known.models.set(key, { ...provider, models: found === null ? [] : [found.model] });
      if (found === null) continue;
      return {
        cost: found.total_price,
        price: {
          source: "genai-prices",
          provider: found.provider.id,
          model: found.model.id,
          at: timestamp.toISOString(),
          rates: JSON.parse(JSON.stringify(found.model_price)) as Datum,
        },
      };
    }
  return { cost: null, price: { source: null, reason: `no price is known for ${model.name}` } };
}

/** Sound and pictures, which have rates of their own at some models, and no other than text's at the rest. */
function mediaTokens({ audio, outputAudio = 0, image, outputImage = 0 }: Usage) {
  return {
    ...(audio === undefined ? {} : { input_audio_tokens: audio - outputAudio, output_audio_tokens: outputAudio }),
    ...(image === undefined ? {} : { input_image_tokens: image - outputImage, output_image_tokens: outputImage }),
  };
}

/** The library throws on counts that contradict each other or that a model has no rate for; an answer must be booked all the same. */
function calculate(
  library: Library,
  tokens: Parameters<Library["calcPrice"]>[0],
  name: string,
  provider: Provider,
  timestamp: Date,
): ReturnType<Library["calcPrice"]> | Error {
  try {
    return library.calcPrice(tokens, name, { provider, timestamp });
  } catch (thrown) {
    return thrown instanceof Error ? thrown : new Error(String(thrown));
  }
}

/** The provider by its address, so that a compatible server is priced as what it is; by its name where a proxy stands between. */
function providerOf(library: Library, { identity }: Pick<ChatModel, "identity">): Provider | undefined {
  const { provider, baseUrl } = identity;
  const byAddress = baseUrl === undefined ? undefined : library.findProvider({ providerApiUrl: baseUrl });
  return (
    byAddress ??
    (provider === undefined || provider === "openai-compatible"
      ? undefined
      : library.findProvider({ providerId: provider }))
  );
}
