import type { TextEdit } from "../operation.ts";
import { commonEnds } from "./common-ends.ts";

/** The edits that turn a text into another with as many lines, one a line that differs, no longer than what differs in it. `at` is where the text begins. */
export function differences(before: string, after: string, at: number): TextEdit[] {
  const old = before.split("\n");
  const lines = after.split("\n");
  if (old.length !== lines.length) return [{ start: at, end: at + before.length, text: after }];
  const edits: TextEdit[] = [];
  let offset = at;
  for (const [index, line] of lines.entries()) {
    const was = old[index]!;
    const { head, tail } = commonEnds(was, line);
    if (line !== was)
      edits.push({
        start: offset + head,
        end: offset + was.length - tail,
        text: line.slice(head, line.length - tail),
      });
    offset += was.length + 1;
  }
  return edits;
}
