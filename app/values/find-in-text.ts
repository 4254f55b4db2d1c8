/** A stretch of a text, in UTF-16 code units. */
export interface Found {
  readonly start: number;
  readonly end: number;
}

/** Places of a word looked for, whatever its case, without overlap; at most so many. */
export function findInText(text: string, sought: string, most = 1_000): readonly Found[] {
  const word = sought.toLocaleLowerCase();
  const where = text.toLocaleLowerCase();
  // Lower case can be longer than what it is of: then places would be off, and case has to be as it is.
  const [inside, looked] = where.length === text.length ? [where, word] : [text, sought];
  const found: Found[] = [];
  if (looked === "") return found;
  for (let at = inside.indexOf(looked); at >= 0 && found.length < most; at = inside.indexOf(looked, at + looked.length))
    found.push({ start: at, end: at + looked.length });
  return found;
}
