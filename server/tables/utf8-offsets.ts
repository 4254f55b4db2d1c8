/** How byte offsets in the UTF-8 form of a text, which DuckDB counts in, are offsets in UTF-16 code units. Beyond the end is the end. */
export function utf16Offsets(text: string): (bytes: number) => number {
  // Most SQL is ASCII, where both are the same.
  if (Buffer.byteLength(text) === text.length) return (bytes) => Math.min(Math.max(bytes, 0), text.length);
  const offsets: number[] = [];
  let unit = 0;
  for (const character of text) {
    const bytes = Buffer.byteLength(character);
    for (let count = 0; count < bytes; count += 1) offsets.push(unit);
    unit += character.length;
  }
  return (bytes) => offsets[Math.max(bytes, 0)] ?? text.length;
}
