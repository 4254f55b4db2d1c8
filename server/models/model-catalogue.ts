import type { KnownCapabilities } from "./capabilities/known-capabilities.ts";
import type { Models } from "./index.ts";
import type { ModelLists } from "./lists/model-lists.ts";
import type { ChatModel } from "./model.ts";
import type { Prices } from "./prices.ts";

/** A model as it is shown: what it can do, what it reads and what it costs. */
export interface CatalogueModel extends KnownCapabilities {
  /** Its full name, `provider/model`. */
  readonly name: string;
  /** US dollars for a million tokens in and out; null where no price is known. Zeros for one that costs only time. */
  readonly price: { readonly input: number; readonly output: number } | null;
  /** Its context as the list of prices has it, where nobody else says: shown, and no reason to refuse a request. */
  readonly listedContext?: number;
}

/** The models there are by name, with what is known of them. */
export interface ModelCatalogue {
  /** The models of a provider: those it listed, and `more` of its names, such as those that were called. */
  of(provider: string, more?: Iterable<string>): Promise<readonly CatalogueModel[]>;
}

export interface ModelCatalogueSettings {
  readonly models: Pick<Models, "chatModel" | "known">;
  readonly lists: Pick<ModelLists, "of">;
  readonly prices: Prices;
  readonly clock: () => number;
}

export function createModelCatalogue({ models, lists, prices, clock }: ModelCatalogueSettings): ModelCatalogue {
  const describe = async (name: string): Promise<readonly CatalogueModel[]> => {
    let model: ChatModel;
    let known: KnownCapabilities;
    try {
      model = models.chatModel(name);
      known = models.known(name);
    } catch {
      // A name that nobody takes any more, as of an endpoint that was removed.
      return [];
    }
    const rate = async (usage: { readonly input: number; readonly output: number }) => {
      const { cost, price } = await prices(model, usage, clock());
      return { rate: cost === null ? null : cost * perCall, price };
    };
    const [input, output] = [await rate({ input: sample, output: 0 }), await rate({ input: 0, output: sample })];
    // What is neither asked nor embeds is not priced by tokens.
    const isCounted = known.capabilities.chat !== false || known.capabilities.embeddings === true;
    const context = known.capabilities.contextLength ?? (await contextIn(input.price));
    return [
      {
        name,
        ...known,
        price:
          !isCounted || input.rate === null || output.rate === null ? null : { input: input.rate, output: output.rate },
        ...(known.capabilities.contextLength !== undefined || context === undefined ? {} : { listedContext: context }),
      },
    ];
  };
  return {
    async of(provider, more = []) {
      const listed = (lists.of(provider)?.models ?? []).map(({ model }) => `${provider}/${model}`);
      const described: CatalogueModel[] = [];
      for (const [index, name] of [...new Set([...listed, ...more])].entries()) {
        described.push(...(await describe(name)));
        // Hundreds of prices are found by patterns, and must not hold up the server.
        if (index % 20 === 19) await new Promise(setImmediate);
      }
      return described;
    },
  };
}

/** Tokens of the call whose price is asked for: a short one, as most are, for a long one may have another rate. */
const sample = 1_000;
const perCall = 1_000_000 / sample;

/** The context of the model that a price of genai-prices is of. */
async function contextIn(price: unknown): Promise<number | undefined> {
  const { source, provider, model } = (price ?? {}) as { readonly [member: string]: unknown };
  if (source !== "genai-prices") return undefined;
  const { findProvider } = await import("@pydantic/genai-prices");
  return findProvider({ providerId: String(provider) })?.models.find(({ id }) => id === model)?.context_window;
}
