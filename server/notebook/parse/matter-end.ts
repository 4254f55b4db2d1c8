import type { Line } from "../text-lines.ts";

/**
 * The index of the `---` line that ends the front matter at the head of some lines; null where the first line is no
 * `---`, `"unclosed"` where no other follows. White space behind the three hyphens is allowed.
 */
export function matterEnd(text: string, lines: readonly Line[]): number | "unclosed" | null {
  if (lines.length === 0 || !isMatterLine(text, lines[0]!)) return null;
  const end = lines.findIndex((line, index) => index > 0 && isMatterLine(text, line));
  return end === -1 ? "unclosed" : end;
}

function isMatterLine(text: string, line: Line): boolean {
  return text.startsWith("---", line.start) && /^---[ \t]*$/.test(text.slice(line.start, line.end));
}
