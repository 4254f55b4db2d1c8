import { z } from "zod";
import { toCellError } from "#server/notebook/sheaf-error.ts";
import type { CellError } from "#server/notebook/value.ts";
import { capabilitiesSchema } from "../capabilities/capabilities-schema.ts";
import { ModelError } from "../model-error.ts";
import type { Capabilities, ChatModel, ModelListing } from "../model.ts";

/** What came of asking a provider for its models. */
export interface ProviderList {
  /** The address that was asked: another one's models are others. */
  readonly baseUrl: string;
  /** When it was asked last, in milliseconds since 1970, and how many it took to answer. */
  readonly askedAt: number;
  readonly took: number;
  /** Why there was no answer; the models are then those of before. */
  readonly error?: CellError;
  readonly models: readonly ModelListing[];
}

/** The lists of a workspace by the names of their providers. */
export type KeptLists = { readonly [provider: string]: ProviderList };

export interface ModelListsSettings {
  readonly ask: (provider: string, signal: AbortSignal) => Promise<readonly ModelListing[]> | null;
  /** Where a provider's models are called; null for one without an address. */
  readonly addressOf: (provider: string) => string | null;
  readonly kept: { get(): KeptLists; set(lists: KeptLists): Promise<void> };
  readonly clock: () => number;
}

/** The models that providers say they have, as they said when they were asked last. */
export interface ModelLists {
  /** Null for a provider that was never asked at its address. */
  of(provider: string): ProviderList | null;
  /** Asks a provider anew; those who ask at once share one answer. Its failure is in the list. Null for one that cannot be asked. */
  ask(provider: string): Promise<ProviderList | null>;
  /** What a model's provider says of it. */
  capabilities(model: Pick<ChatModel, "name" | "identity">): Capabilities | undefined;
}

/** Milliseconds a provider has to answer. */
const deadline = 15_000;

export function createModelLists({ ask, addressOf, kept, clock }: ModelListsSettings): ModelLists {
  const asking = new Map<string, Promise<ProviderList>>();
  const named = new WeakMap<ProviderList, ReadonlyMap<string, Capabilities>>();

  /** Another address's models are others. */
  const listAt = (provider: string, baseUrl: string | null | undefined): ProviderList | null => {
    const lists = kept.get();
    const list = Object.hasOwn(lists, provider) ? lists[provider]! : null;
    return list?.baseUrl === baseUrl ? list : null;
  };
  const of = (provider: string): ProviderList | null => listAt(provider, addressOf(provider));

  async function listed(provider: string, answer: Promise<readonly ModelListing[]>): Promise<ProviderList> {
    const askedAt = clock();
    const before = of(provider)?.models ?? [];
    const asked = { baseUrl: addressOf(provider) ?? "", askedAt };
    let list: ProviderList;
    try {
      const models = await answer;
      list = { ...asked, took: clock() - askedAt, models };
    } catch (thrown) {
      list = { ...asked, took: clock() - askedAt, error: toCellError(inTime(thrown, provider)), models: before };
    }
    await kept.set({ ...kept.get(), [provider]: list });
    return list;
  }

  return {
    of,
    async ask(provider) {
      const known = asking.get(provider);
      if (known !== undefined) return known;
      const answer = ask(provider, AbortSignal.timeout(deadline));
      if (answer === null) return null;
      const now = listed(provider, answer).finally(() => asking.delete(provider));
      asking.set(provider, now);
      return now;
    },
    capabilities({ name, identity }) {
      const slash = name.indexOf("/");
      const provider = name.slice(0, slash);
      const list = listAt(provider, identity["baseUrl"]);
      if (list === null) return undefined;
      let models = named.get(list);
      if (models === undefined)
        named.set(list, (models = new Map(list.models.map(({ model, capabilities }) => [model, capabilities]))));
      const model = name.slice(slash + 1);
      // Ollama's name for a model whose tag is left out.
      return models.get(model) ?? models.get(`${model}:latest`);
    },
  };
}

function inTime(thrown: unknown, provider: string): unknown {
  if (!(thrown instanceof DOMException) || thrown.name !== "TimeoutError") return thrown;
  return new ModelError("model.timeout", `${provider} did not list its models within ${deadline / 1_000} s`, {
    cure: "Ask it again later.",
    cause: thrown,
  });
}

const error = z
  .object({ code: z.string(), message: z.string(), cure: z.string().optional() })
  .transform(({ code, message, cure }): CellError => ({ code, message, ...(cure === undefined ? {} : { cure }) }));

const keptLists = z.record(
  z.string(),
  z
    .object({
      baseUrl: z.string(),
      askedAt: z.number(),
      took: z.number(),
      error: error.optional(),
      models: z.array(z.object({ model: z.string(), capabilities: capabilitiesSchema })),
    })
    .transform(({ error, ...list }): ProviderList => ({ ...list, ...(error === undefined ? {} : { error }) })),
);

/** Reads kept lists; throws where they are none. */
export function readKeptLists(json: unknown): KeptLists {
  return keptLists.parse(json);
}
