import { commonEnds } from "#server/notebook/edit/common-ends.ts";

/** The one replacement that makes a text another, as small as can be told from its ends. */
export function textChange(
  before: string,
  after: string,
): { readonly from: number; readonly to: number; readonly insert: string } {
  const { head, tail } = commonEnds(before, after);
  return { from: head, to: before.length - tail, insert: after.slice(head, after.length - tail) };
}
