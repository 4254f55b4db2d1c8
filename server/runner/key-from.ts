import type { ProviderState } from "#server/models/index.ts";
import type { EnteredKeys } from "#server/runner/runtime.ts";

/**
 * Where a provider's key comes from: entered here, which goes before the environment's. One that was entered does not count where it was
 * encrypted with another master key (`unreadable`) or is for another address (`elsewhere`).
 */
export type KeyFrom = "entered" | "environment" | "unreadable" | "elsewhere" | null;

export function keyFrom({ keyVariable, usable }: ProviderState, keys: Pick<EnteredKeys, "list">): KeyFrom {
  const kept = keys.list().find(({ variable }) => variable === keyVariable);
  if (kept?.readable === true && kept.isHere) return "entered";
  if (usable) return "environment";
  if (kept === undefined) return null;
  return kept.readable ? "elsewhere" : "unreadable";
}
