import { createSignal } from "solid-js";
import { createStore, reconcile } from "solid-js/store";
import type { CatalogueModel } from "#server/models/model-catalogue.ts";
import type { CellError } from "#server/notebook/value.ts";
import { api, problemOf } from "~/api";
import type { ProviderView } from "./provider-row";

/** The models of providers on a page, and who is being asked for them. */
export interface ModelListsView {
  all(): readonly CatalogueModel[];
  isAsking(provider: string): boolean;
  /** What kept the server from saying them; null where nothing did. */
  problem(): CellError | null;
  /** Reads what is known of the models of providers, and asks those for theirs whose lists are old. */
  open(providers: readonly ProviderView[]): Promise<void>;
  /** Asks a provider, and reads what is known of its models then. */
  ask(provider: string): Promise<void>;
  /** Reads anew what is known of a provider's models. */
  read(provider: string): Promise<void>;
}

/** Milliseconds after which a list is old, and one that could not be had. */
const old = 10 * 60_000;
const oldFailure = 60_000;

/** `changed` is called when a provider has answered, or failed to. */
export function createModelLists(changed: () => void): ModelListsView {
  const [byProvider, setByProvider] = createStore<{ [provider: string]: readonly CatalogueModel[] }>({});
  const [asking, setAsking] = createSignal<ReadonlySet<string>>(new Set());
  const [problem, setProblem] = createSignal<CellError | null>(null);

  async function read(providers: readonly string[]): Promise<void> {
    if (providers.length === 0) return;
    try {
      const models = await api.models.of.query({ providers: [...providers] });
      for (const name of providers)
        setByProvider(
          name,
          reconcile(
            models.filter((model) => model.name.startsWith(`${name}/`)),
            { key: "name" },
          ),
        );
      setProblem(null);
    } catch (thrown) {
      setProblem(problemOf(thrown));
    }
  }

  async function ask(provider: string): Promise<void> {
    if (asking().has(provider)) return;
    setAsking((now) => new Set(now).add(provider));
    try {
      await api.models.ask.mutate({ provider });
      await read([provider]);
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setAsking((now) => new Set([...now].filter((name) => name !== provider)));
      changed();
    }
  }

  return {
    all: () => Object.values(byProvider).flat(),
    isAsking: (provider) => asking().has(provider),
    problem,
    ask,
    read: (provider) => read([provider]),
    async open(providers) {
      const usable = providers.filter((provider) => provider.usable);
      await read(usable.filter(({ list, calls }) => (list?.count ?? 0) > 0 || calls !== null).map(({ name }) => name));
      const due = usable.filter(
        ({ lists, list, isAskedByItself }) =>
          lists &&
          isAskedByItself &&
          (list === null || Date.now() - list.askedAt > (list.error === undefined ? old : oldFailure)),
      );
      await Promise.all(due.map(({ name }) => ask(name)));
    },
  };
}
