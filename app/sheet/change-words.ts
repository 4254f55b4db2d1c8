import type { FrameChanges } from "#server/tables/frame-changes.ts";

/** How rows differ from those before, in words: `300 new, 12 changed, 4 gone`; empty where none does. */
export function changeWords({ added, changed, gone }: FrameChanges): string {
  const parts = [
    [added, "new"],
    [changed, "changed"],
    [gone, "gone"],
  ] as const;
  return parts.flatMap(([count, word]) => (count === 0 ? [] : [`${count.toLocaleString("en")} ${word}`])).join(", ");
}
