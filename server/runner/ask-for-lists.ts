import { setTimeout as sleep } from "node:timers/promises";
import type { ProviderState } from "#server/models/index.ts";
import { keyFrom } from "./key-from.ts";
import type { Runtime } from "./runtime.ts";

/** Milliseconds after which a list, or one that failed, is asked for anew where models are named; and how long that is waited for. */
const stale = 24 * 60 * 60 * 1_000;
const staleFailure = 60_000;
const patience = 2_000;

/**
 * Whether a provider is asked for its models before anybody says so. Not a server that a file of the workspace names with a key of the
 * environment, as long as nobody asked it there: who opens a copy of somebody's workspace has sent nothing.
 */
export function isAskedByItself(
  provider: ProviderState,
  { keys, modelLists, ownEndpoints }: Pick<Runtime, "keys" | "modelLists" | "ownEndpoints">,
): boolean {
  if (!Object.hasOwn(ownEndpoints.read().endpoints ?? {}, provider.name)) return true;
  return modelLists.of(provider.name) !== null || keyFrom(provider, keys) !== "environment";
}

/**
 * Asks the providers that have their key for their models, where they may be asked and were not for a day. Only the first list of one is
 * waited for, a moment; newer ones are there the next time.
 */
export async function askForLists(
  runtime: Pick<Runtime, "models" | "modelLists" | "keys" | "ownEndpoints" | "now">,
): Promise<void> {
  const { models, modelLists, now } = runtime;
  const first: Promise<unknown>[] = [];
  for (const provider of models.list()) {
    const { name } = provider;
    if (!provider.usable || name === "local" || !isAskedByItself(provider, runtime)) continue;
    const list = modelLists.of(name);
    if (list !== null && now() - list.askedAt < (list.error === undefined ? stale : staleFailure)) continue;
    const asking = modelLists.ask(name);
    if (list === null) first.push(asking);
    // What could not be written is asked for again; nobody waits for it here.
    else asking.catch(() => {});
  }
  await Promise.race([Promise.all(first), sleep(patience, undefined, { ref: false })]);
}
