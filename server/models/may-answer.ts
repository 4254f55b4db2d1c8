import type { CallEnd } from "#server/store/journal.ts";
import type { OutgoingCall } from "./sender.ts";

/**
 * Whether an end is one that a call may have. Under the key of the model that was asked stands also what a fallback answered in its
 * stead, which is an answer only to those who name that model as a fallback too.
 */
export function mayAnswer(
  { attempts = [] }: Pick<CallEnd, "attempts">,
  { others = [] }: Pick<OutgoingCall, "others">,
): boolean {
  const { next } = attempts.findLast((attempt) => attempt.next !== undefined) ?? {};
  return next === undefined || others.some(({ name }) => name === next);
}
