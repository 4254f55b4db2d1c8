import type { StreamPart } from "../model.ts";

/** Whether a part is of the answer itself: from then on it may be paid for and seen, and nothing else is asked in its stead. */
export function isAnswer({ type }: StreamPart): boolean {
  return type === "text" || type === "reasoning" || type === "held";
}
