import type { CallEnd } from "#server/store/journal.ts";

/**
 * Whether an end is one that a call with these fallbacks may have. Under the key of the model that was asked stands also what a fallback
 * answered in its stead, which is an answer only to those who name that model as a fallback too.
 */
export function mayAnswer({ attempts = [] }: Pick<CallEnd, "attempts">, fallbacks: readonly string[] = []): boolean {
  const { next } = attempts.findLast((attempt) => attempt.next !== undefined) ?? {};
  return next === undefined || fallbacks.includes(next);
}
