import { diffWordsWithSpace } from "diff";

/** A piece of two texts: in both, or in one alone. */
export interface DiffPart {
  readonly type: "same" | "added" | "removed";
  readonly text: string;
}

/** Characters of what did not change that are kept beside what did. */
const kept = 160;

/** What differs between two texts, by words. Long passages that are the same are cut in their middle. */
export function wordDiff(before: string, after: string): readonly DiffPart[] {
  const parts = diffWordsWithSpace(before, after).map(({ added, removed, value }): DiffPart => ({
    type: added ? "added" : removed ? "removed" : "same",
    text: value,
  }));
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
