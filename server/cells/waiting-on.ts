import type { WaitingOn } from "#server/notebook/cell-kind.ts";

/** What comes first, where what was thrown says that something must; null where it is an error. */
export function waitingOn(thrown: unknown): WaitingOn | null {
  const waiting = thrown as { readonly code?: unknown; readonly on?: WaitingOn };
  return waiting.code === "model.waiting" ? (waiting.on ?? null) : null;
}
