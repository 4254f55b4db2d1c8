import type { CellError } from "./value.ts";

/** The code of a result that only errors block: of what it reads, or of what that is blocked by. It is as settled as they are. */
export const blockedByError = "cell.blocked-by-error";

/** Whether a result has no value because of an error, its own or one above. */
export function isFailed({
  outcome,
  error,
}: {
  readonly outcome: string;
  readonly error: Pick<CellError, "code"> | null;
}): boolean {
  return outcome === "error" || (outcome === "blocked" && error?.code === blockedByError);
}
