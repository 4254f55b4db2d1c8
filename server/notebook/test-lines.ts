/** The lines of a test that are expressions, each with the offset of its first character, without comments and the blank ones. */
export function testLines(source: string): readonly { readonly offset: number; readonly text: string }[] {
  const lines: { offset: number; text: string }[] = [];
  let offset = 0;
  for (const line of source.split("\n")) {
    const text = line.slice(0, commentStart(line)).trim();
    if (text !== "") lines.push({ offset: offset + line.indexOf(text), text });
    offset += line.length + 1;
  }
  return lines;
}

/** Where the comment of a test's line begins, at a `#` outside of texts; the line's length where it has none. */
export function commentStart(line: string): number {
  return beforeComment.exec(line)![0].length;
}

const beforeComment = /^(?:[^#"']|"(?:[^"\\]|\\.)*(?:"|$)|'(?:[^'\\]|\\.)*(?:'|$))*/;
