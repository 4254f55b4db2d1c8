import type { CallAttempt } from "#server/store/journal.ts";
import type { ModelError } from "../model-error.ts";

/** The record of an attempt that failed with this error and is followed by another, at once where nothing else is said. */
export function attemptOf(
  { code, message, facts }: ModelError,
  endedAt: number,
  more: Partial<Pick<CallAttempt, "waited" | "key" | "next">>,
): CallAttempt {
  const { unbilled = false, requestId, status } = facts;
  return {
    endedAt,
    code,
    message,
    waited: 0,
    unbilled,
    ...(requestId === undefined ? {} : { requestId }),
    ...(status === undefined ? {} : { status }),
    ...more,
  };
}
