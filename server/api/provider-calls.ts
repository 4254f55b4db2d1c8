import type { JournalCall } from "#server/store/journal.ts";

/** What the newest of a provider's calls were like. */
export interface ProviderCalls {
  /** When the last good answer came; null where there is none among them. */
  readonly answeredAt: number | null;
  /** The last call that failed. */
  readonly failed: {
    readonly at: number;
    readonly model: string;
    readonly code: string;
    readonly message: string;
  } | null;
  /** The models that were called, the last first. */
  readonly models: readonly string[];
}

/** Sorts calls, newest first, by the first names of their models. */
export function providerCalls(calls: readonly JournalCall[]): ReadonlyMap<string, ProviderCalls> {
  const providers = new Map<string, ProviderCalls>();
  for (const { model, end } of calls) {
    const provider = model.slice(0, model.indexOf("/"));
    const { answeredAt, failed, models } = providers.get(provider) ?? { answeredAt: null, failed: null, models: [] };
    const error = end?.state === "failed" || end?.state === "truncated" ? end.error : undefined;
    providers.set(provider, {
      answeredAt: answeredAt ?? (end?.state === "done" ? end.endedAt : null),
      failed: failed ?? (error ? { at: end!.endedAt, model, code: error.code, message: error.message } : null),
      models: models.includes(model) ? models : [...models, model],
    });
  }
  return providers;
}
