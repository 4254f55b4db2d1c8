const escapes: readonly (readonly [string, string])[] = [
  ["\\", "\\\\"],
  ["\n", "\\n"],
  ["\r", "\\r"],
];

/** A text as it is written in an expression between quotes of that kind. */
export function escaped(text: string, quote: string): string {
  const plain = escapes.reduce((result, [character, written]) => result.replaceAll(character, written), text);
  return plain.replaceAll(quote, `\\${quote}`);
}
