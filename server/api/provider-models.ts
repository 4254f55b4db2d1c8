import type { CatalogueModel } from "#server/models/model-catalogue.ts";
import { askForLists } from "#server/runner/ask-for-lists.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import { providerCalls, type ProviderCalls } from "./provider-calls.ts";

type Asked = Pick<Runtime, "models" | "modelLists" | "catalogue" | "journal" | "keys" | "now" | "ownEndpoints">;

/** The newest calls that are looked at for what they say of their providers. */
const newest = 500;

/** What the workspace's last calls say of its providers. */
export async function lastCalls({ journal }: Pick<Runtime, "journal">): Promise<ReadonlyMap<string, ProviderCalls>> {
  return providerCalls(await journal.list({ limit: newest, bodies: false }));
}

/** The models of a provider: those it listed, and those that were called though it lists them not. */
export function modelsOfProvider(
  { catalogue }: Pick<Runtime, "catalogue">,
  provider: string,
  calls: ReadonlyMap<string, ProviderCalls>,
): Promise<readonly CatalogueModel[]> {
  return catalogue.of(provider, calls.get(provider)?.models);
}

/**
 * The models that can be named now: of the providers that have their key, and are elsewhere or answer. Those not asked for a day are
 * asked, where they may be.
 */
export async function namedModels(runtime: Asked): Promise<readonly CatalogueModel[]> {
  await askForLists(runtime);
  const calls = await lastCalls(runtime);
  const usable = runtime.models.list().filter(({ name, usable }) => usable && name !== "local");
  return (await Promise.all(usable.map(({ name }) => modelsOfProvider(runtime, name, calls)))).flat();
}
