import type { TextEdit } from "../operation.ts";

/** The edits that turn a text into another with as many lines, one a line that differs, no longer than what differs in it. `at` is where the text begins. */
export function differences(before: string, after: string, at: number): TextEdit[] {
  const old = before.split("\n");
  const lines = after.split("\n");
  if (old.length !== lines.length) return [{ start: at, end: at + before.length, text: after }];
  const edits: TextEdit[] = [];
  let offset = at;
  for (const [index, line] of lines.entries()) {
    const was = old[index]!;
    let head = 0;
    while (head < was.length && was[head] === line[head]) head += 1;
    let tail = 0;
    const most = Math.min(was.length, line.length) - head;
    while (tail < most && was[was.length - 1 - tail] === line[line.length - 1 - tail]) tail += 1;
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
