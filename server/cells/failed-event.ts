import type { ItemEvent } from "#server/notebook/cell-kind.ts";
import { failedCall } from "#server/notebook/failed-call.ts";
import type { CallFacts } from "#server/notebook/services.ts";
import { toCellError } from "#server/notebook/sheaf-error.ts";
import { waitingOn } from "./waiting-on.ts";

/** How an item ends by what was thrown after some calls were made for it: it waits, or it is an error with these calls and the one that failed. */
export function failedEvent(thrown: unknown, item: number, made: readonly CallFacts[]): ItemEvent {
  const on = waitingOn(thrown);
  if (on !== null) return { type: "waiting", item, on };
  const failed = failedCall(thrown);
  return { type: "error", item, error: toCellError(thrown), calls: failed === null ? made : [...made, failed] };
}
