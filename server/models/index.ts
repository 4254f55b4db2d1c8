import { nearestName } from "#server/notebook/nearest-name.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { anthropic } from "./anthropic.ts";
import { capable } from "./capabilities/capable.ts";
import { knownCapabilities, type KnownCapabilities, type ModelFacts } from "./capabilities/known-capabilities.ts";
import { echo } from "./echo.ts";
import type { ChatModel, EmbeddingModel, ModelListing, ModelProvider, ProviderSettings } from "./model.ts";
import { openAICompatible, endpointsOf, endpointsUnknown, unreadEndpoints } from "./openai-compatible.ts";
import { openai } from "./openai.ts";
import { remember } from "./remember.ts";

/** Every provider that needs nothing but settings, in the order of the list of models. */
export const providers: readonly ModelProvider[] = [openai, anthropic, openAICompatible, echo];

/** The models of a workspace by their full names. */
export interface Models {
  /**
   * The model called `provider/model` or `endpoint/model`, the same object for the same name. Throws `model.unknown` for a
   * name no provider takes; whether it has its key or file is asked by the model's `ready`.
   */
  chatModel(name: string): ChatModel;
  embeddingModel(name: string): EmbeddingModel;
  /** What is known of the model of a name, and who says it. Throws `model.unknown` as `chatModel` does. */
  known(name: string): KnownCapabilities;
  /** The models a provider or an endpoint says it has; null where it cannot be asked. Rejects with a `ModelError`. */
  ask(provider: string, signal: AbortSignal): Promise<readonly ModelListing[]> | null;
  /** Providers and endpoints, and whether each has its key. */
  list(): readonly ProviderState[];
  /** Makes models anew from now on: a key in the environment has changed. */
  forget(): void;
}

export interface ProviderState {
  readonly name: string;
  readonly title: string;
  readonly keyVariable: string | null;
  readonly usable: boolean;
  /** Where its models are called; null for those without an address. */
  readonly baseUrl: string | null;
  /** Whether it can be asked for its models. */
  readonly lists: boolean;
}

/**
 * Makes the models of a workspace, and makes them anew where its endpoints are another object than before. `more` are the providers that need more than settings, such as the local one; `facts` is what is said
 * of models besides.
 */
export function createModels(
  settings: ProviderSettings,
  more: readonly ModelProvider[] = [],
  facts: ModelFacts = {},
): Models {
  const byName = new Map([...more, ...providers].map((provider) => [provider.name, provider]));
  const find = (name: string): { provider: ModelProvider; model: string } => {
    const slash = name.indexOf("/");
    const [first, model] = [name.slice(0, Math.max(slash, 0)), name.slice(slash + 1)];
    const provider = byName.get(first);
    const endpoints = endpointsOf(settings);
    if (provider !== undefined && model !== "") return { provider, model };
    if (Object.hasOwn(endpoints, first) && model !== "") return { provider: openAICompatible, model: name };
    if (settings.endpointsProblem) throw endpointsUnknown(settings.endpointsProblem);
    throw unknownModel(name, first, [...byName.keys(), ...Object.keys(endpoints)], settings);
  };

  const able = capable((model) => knownCapabilities(model, facts).capabilities);
  /** A model that the workspace has a price for is paid for, wherever it is. Asked anew each time: prices change. */
  const withPrice = <Model extends ChatModel | EmbeddingModel>(model: Model): Model => {
    const { name, effect } = model;
    return Object.defineProperty(model, "effect", {
      get: () => (facts.hasPrice?.(name) === true ? "paid" : effect),
      enumerable: true,
    });
  };
  const plainModel = (name: string): ChatModel => {
    const { provider, model } = find(name);
    if (provider.chatModel !== undefined) return provider.chatModel(model, settings);
    throw new SheafError("model.unknown", `${provider.title} has no models to talk to: ${name}`, {
      cure: "Use it for embeddings, or name a model of another provider.",
    });
  };
  const chatModels = new Map<string, ChatModel>();
  const embeddingModels = new Map<string, EmbeddingModel>();
  let madeWith: ProviderSettings["endpoints"] | undefined;
  function forget(): void {
    chatModels.clear();
    embeddingModels.clear();
  }
  function current<M>(models: Map<string, M>): Map<string, M> {
    const { endpoints } = settings;
    if (endpoints !== madeWith) forget();
    madeWith = endpoints;
    return models;
  }
  return {
    chatModel: (name) => remember(current(chatModels), name, () => withPrice(able(plainModel(name)))),
    embeddingModel: (name) =>
      remember(current(embeddingModels), name, () => {
        const { provider, model } = find(name);
        if (provider.embeddingModel !== undefined) return withPrice(provider.embeddingModel(model, settings));
        throw new SheafError("model.unknown", `${provider.title} has no embedding models: ${name}`, {
          cure: "Use local/all-minilm-l6-v2 or an embedding model of another provider.",
        });
      }),
    known: (name) => knownCapabilities(plainModel(name), facts),
    ask(name, signal) {
      const provider = byName.get(name) ?? (Object.hasOwn(endpointsOf(settings), name) ? openAICompatible : undefined);
      return provider?.listModels?.(settings, signal, name) ?? null;
    },
    forget,
    list: () => [
      ...[...byName.values()]
        .filter((provider) => provider !== openAICompatible)
        .map((provider) => ({
          ...state(provider.name, provider.title, provider.keyVariable, settings),
          // What needs a key is somewhere else.
          baseUrl:
            provider.keyVariable === undefined ? null : (provider.chatModel?.("any", settings).http?.baseUrl ?? null),
          lists: provider.listModels !== undefined,
        })),
      ...Object.entries(endpointsOf(settings)).map(([name, { baseUrl, keyVariable }]) => ({
        ...state(name, baseUrl, keyVariable, settings),
        baseUrl,
        lists: true,
      })),
    ],
  };
}

function state(
  name: string,
  title: string,
  keyVariable: string | undefined,
  { environment }: ProviderSettings,
): Omit<ProviderState, "baseUrl" | "lists"> {
  return {
    name,
    title,
    keyVariable: keyVariable ?? null,
    usable: keyVariable === undefined || Boolean(environment[keyVariable]?.trim()),
  };
}

function unknownModel(
  name: string,
  first: string,
  firstNames: readonly string[],
  settings: Pick<ProviderSettings, "endpointsFault">,
): SheafError {
  const near = first === "" ? null : nearestName(first, firstNames);
  const unread = unreadEndpoints(first === "" || firstNames.includes(first) ? {} : settings);
  const message = firstNames.includes(first)
    ? `${JSON.stringify(name)} names a provider but no model`
    : first === ""
      ? `${JSON.stringify(name)} is no model: a model is named provider/model`
      : `there is no provider or endpoint called ${first}${unread.message}`;
  return new SheafError("model.unknown", message, {
    cure: `${unread.cure}${near === null || near === first ? "" : `Did you mean ${near}/…? `}Providers are ${firstNames.join(", ")}; an alias is defined in the front matter's models.`,
  });
}
