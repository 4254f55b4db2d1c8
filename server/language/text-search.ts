/** Up to so many comparisons a search is left to JavaScript, which is fast, but not whatever the texts hold. */
const few = 2 ** 20;

/** The first place of a part in a text, -1 where there is none; in time that grows with their lengths, whatever they hold. */
export function firstPlace(text: string, part: string): number {
  return isSoon(text, part) ? text.indexOf(part) : (places(text, part, 1).at(0) ?? -1);
}

/** The last place of a part in a text, likewise. */
export function lastPlace(text: string, part: string): number {
  if (isSoon(text, part)) return text.lastIndexOf(part);
  const place = firstPlace(backwards(text), backwards(part));
  return place < 0 ? -1 : text.length - part.length - place;
}

/** A text split at every place of a part that is not empty, likewise. */
export function splitAt(text: string, part: string): string[] {
  if (isSoon(text, part)) return text.split(part);
  const ends = [...places(text, part, Infinity), text.length];
  return ends.map((end, index) => text.slice(index === 0 ? 0 : ends[index - 1]! + part.length, end));
}

function isSoon(text: string, part: string): boolean {
  return part.length <= 64 || text.length * part.length <= few;
}

/** Code units, not characters. */
function backwards(text: string): string {
  return text.split("").toReversed().join("");
}

/** The first `most` places that do not overlap, as Knuth, Morris and Pratt find them: no part of the text is read again. */
function places(text: string, part: string, most: number): number[] {
  // How long a beginning of the part ends at each of its places.
  const begun = new Int32Array(part.length);
  const longer = (matched: number, code: number): number => {
    let length = matched;
    while (length > 0 && code !== part.charCodeAt(length)) length = begun[length - 1]!;
    return code === part.charCodeAt(length) ? length + 1 : 0;
  };
  for (let place = 1; place < part.length; place += 1) begun[place] = longer(begun[place - 1]!, part.charCodeAt(place));
  const found: number[] = [];
  let matched = 0;
  for (let place = 0; place < text.length && found.length < most; place += 1) {
    matched = longer(matched, text.charCodeAt(place));
    if (matched < part.length) continue;
    found.push(place + 1 - part.length);
    matched = 0;
  }
  return found;
}
