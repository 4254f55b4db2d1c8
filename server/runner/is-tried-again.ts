import type { Node } from "#server/notebook/graph-node.ts";
import { isRetried, type RetryErrors } from "#server/notebook/unfit-answer.ts";
import type { CellError } from "#server/notebook/value.ts";

/** Whether a run tries a result again though nothing it depends on changed: an error of a cell that calls something. */
export function isTriedAgain(
  { kind, wordings }: Node,
  outcome: string | undefined,
  errorOf: () => CellError | null,
  retry: RetryErrors,
): boolean {
  return retry !== false && outcome === "error" && kind!.effect(wordings[0]!) !== "pure" && isRetried(errorOf(), retry);
}
