/** The most characters of one line: an answer is some hundred kilobytes at most. */
const longest = 32 * 1024 * 1024;

export interface TextLine {
  readonly text: string;
  /** Whether the body ended before the line did. */
  readonly open: boolean;
}

/** The lines of a body; blank ones are passed over. Throws a `RangeError` for a line that is too long. */
export async function* textLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<TextLine, void, undefined> {
  const decoder = new TextDecoder();
  let rest: string[] = [];
  let length = 0;
  for await (const bytes of body) {
    const [head, ...tail] = decoder.decode(bytes, { stream: true }).split("\n") as [string, ...string[]];
    rest.push(head);
    length += head.length;
    if (length > longest) throw new RangeError(`a line has more than ${longest} characters`);
    for (const begun of tail) {
      yield* unlessBlank(rest.join(""), false);
      rest = [begun];
      length = begun.length;
    }
  }
  yield* unlessBlank(rest.join("") + decoder.decode(), true);
}

function* unlessBlank(line: string, open: boolean): Generator<TextLine, void, undefined> {
  const text = line.trim();
  if (text !== "") yield { text, open };
}
