import { withPlainLineEnds } from "#server/notebook/text-lines.ts";

/** What people edit of a segment of prose, its lines ended plainly, and the white space around it, which stays. */
export function editableProse(segment: string): { readonly text: string; readonly around: readonly [string, string] } {
  const plain = withPlainLineEnds(segment);
  const text = plain.trim();
  const at = plain.length - plain.trimStart().length;
  return { text, around: [plain.slice(0, at), plain.slice(at + text.length) || "\n"] };
}
