import { setTimeout as sleep } from "node:timers/promises";
import type { CatalogueModel } from "#server/models/model-catalogue.ts";
import type { ProviderState } from "#server/models/index.ts";
import type { Runtime } from "#server/runner/runtime.ts";
import { keyFrom } from "./key-from.ts";
import { providerCalls, type ProviderCalls } from "./provider-calls.ts";

type Asked = Pick<Runtime, "models" | "modelLists" | "catalogue" | "journal" | "keys" | "now" | "ownEndpoints">;

/** The newest calls that are looked at for what they say of their providers. */
const newest = 500;

/** Milliseconds after which a list, or one that failed, is asked for anew where models are named; and how long that is waited for. */
const stale = 24 * 60 * 60 * 1_000;
const staleFailure = 60_000;
const patience = 2_000;

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
 * Whether a provider is asked for its models before anybody says so. Not a server that a file of the workspace names with a key of the
 * environment, as long as nobody asked it there: who opens a copy of somebody's workspace has sent nothing.
 */
export function isAskedByItself(
  provider: ProviderState,
  { keys, modelLists, ownEndpoints }: Pick<Asked, "keys" | "modelLists" | "ownEndpoints">,
): boolean {
  if (!Object.hasOwn(ownEndpoints.read().endpoints ?? {}, provider.name)) return true;
  return modelLists.of(provider.name) !== null || keyFrom(provider, keys) !== "environment";
}

/**
 * The models that can be named now: of the providers that have their key, and are elsewhere or answer. Those not asked for a day are
 * asked, where they may be. Only the first list of one is waited for, a moment; newer ones are in the next answer.
 */
export async function namedModels(runtime: Asked): Promise<readonly CatalogueModel[]> {
  const { models, modelLists, now } = runtime;
  const usable = models.list().filter(({ name, usable }) => usable && name !== "local");
  const first: Promise<unknown>[] = [];
  for (const provider of usable) {
    const { name } = provider;
    if (!isAskedByItself(provider, runtime)) continue;
    const list = modelLists.of(name);
    if (list !== null && now() - list.askedAt < (list.error === undefined ? stale : staleFailure)) continue;
    const asking = modelLists.ask(name);
    if (list === null) first.push(asking);
    // What could not be written is asked for again; nobody waits for it here.
    else asking.catch(() => {});
  }
  await Promise.race([Promise.all(first), sleep(patience, undefined, { ref: false })]);
  const calls = await lastCalls(runtime);
  return (await Promise.all(usable.map(({ name }) => modelsOfProvider(runtime, name, calls)))).flat();
}
