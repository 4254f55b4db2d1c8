/** The most characters of one line: an answer is some hundred kilobytes at most. */
const longest = 32 * 1024 * 1024;

/** The lines of a body, each parsed; blank ones are passed over. Rejects with a `RangeError` for a line that is too long, and as `JSON.parse`. */
export async function* jsonLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<unknown, void, undefined> {
  const decoder = new TextDecoder();
  let rest: string[] = [];
  let length = 0;
  for await (const bytes of body) {
    const [head, ...tail] = decoder.decode(bytes, { stream: true }).split("\n") as [string, ...string[]];
    rest.push(head);
    length += head.length;
    if (length > longest) throw new RangeError(`a line has more than ${longest} characters`);
    for (const begun of tail) {
      yield* parsed(rest.join(""));
      rest = [begun];
      length = begun.length;
    }
  }
  yield* parsed(rest.join("") + decoder.decode());
}

function* parsed(line: string): Generator<unknown, void, undefined> {
  if (line.trim() !== "") yield JSON.parse(line) as unknown;
}
