import { diffLines, diffWordsWithSpace } from "diff";

/** A piece of two texts: in both, or in one alone. */
export interface DiffPart {
  readonly type: "same" | "added" | "removed";
  readonly text: string;
}

/** Characters of what did not change that are kept beside what did. */
const kept = 160;

/** Words, or lines, that may differ: what it takes to find them grows with their square, and the page stands still for it. */
const most = { maxEditLength: 2_000 };

/** What differs between two texts, by words; by lines, or as a whole, where that is too much. Long passages that are the same are cut in their middle. */
export function wordDiff(before: string, after: string): readonly DiffPart[] {
  const changes = diffWordsWithSpace(before, after, most) ?? diffLines(before, after, most);
  const parts = changes?.map(({ added, removed, value }): DiffPart => ({
    type: added ? "added" : removed ? "removed" : "same",
    text: value,
  })) ?? [
    { type: "removed", text: before },
    { type: "added", text: after },
  ];
  return parts.map((part, index) => {
    if (part.type !== "same" || part.text.length <= 2 * kept + 40) return part;
    const head = index === 0 ? "" : part.text.slice(0, kept);
    const tail = index === parts.length - 1 ? "" : part.text.slice(-kept);
    const left = part.text.length - head.length - tail.length;
    return { ...part, text: `${head} … ${left.toLocaleString("en")} characters the same … ${tail}`.trim() };
  });
}

/** Whether two texts are the same but for white space at their ends. */
export function isSameText(before: string, after: string): boolean {
  return before.trim() === after.trim();
}
