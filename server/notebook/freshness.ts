import { partsOf, type KeyParts, type KeyText } from "./cell-key.ts";

/** How a result stands to what it depends on: derived whenever it is asked for, never stored. */
export type Freshness =
  | { readonly state: "never" }
  | { readonly state: "current" }
  | { readonly state: "stale"; readonly reasons: readonly string[] }
  | { readonly state: "locked" }
  | { readonly state: "edited" };

/** What is stored of a result: the key at which it was computed, with its parts. */
export interface Stored {
  readonly key: string;
  readonly parts: KeyText;
}

/**
 * The freshness of one result. `now` is its key as it would be computed now, null where something it reads is neither
 * current nor locked; `waitingFor` then names what. A person's locked or edited value stands before everything.
 */
export function freshnessOf(
  stored: Stored | null,
  now: { readonly key: string; readonly parts: KeyParts } | null,
  waitingFor: readonly string[],
  override: "locked" | "edited" | null,
): Freshness {
  if (override !== null) return { state: override };
  if (stored === null) return { state: "never" };
  if (now === null) return { state: "stale", reasons: waitingFor };
  if (stored.key === now.key) return { state: "current" };
  return { state: "stale", reasons: changedParts(partsOf(stored.parts), now.parts) };
}

/** Names of parts that differ, in the order of the new ones, then those that are gone. */
export function changedParts(before: KeyParts, now: KeyParts): readonly string[] {
  const changed = Object.keys(now).filter((part) => now[part] !== before[part]);
  return [...changed, ...Object.keys(before).filter((part) => !(part in now))];
}

/** Whether readers may use a result: its value is settled. */
export function isSettled(freshness: Pick<Freshness, "state">): boolean {
  switch (freshness.state) {
    case "current":
    case "locked":
    case "edited":
      return true;
    case "never":
    case "stale":
      return false;
  }
}
