/**
 * Where a text stands in another, without overlaps, up to `most` places. Takes time in proportion to their lengths, whatever they are made of (Knuth,
 * Morris and Pratt, 1977): `indexOf` takes their product where a text repeats itself.
 */
export function placesOf(said: string, within: string, most: number): readonly number[] {
  const places: number[] = [];
  if (said === "" || said.length > within.length) return places;
  /** Of each beginning of the text, how much of its end the text begins with. */
  const borders = new Uint32Array(said.length);
  for (let at = 1, matched = 0; at < said.length; at += 1) {
    while (matched > 0 && said.charCodeAt(at) !== said.charCodeAt(matched)) matched = borders[matched - 1]!;
    if (said.charCodeAt(at) === said.charCodeAt(matched)) matched += 1;
    borders[at] = matched;
  }
  for (let at = 0, matched = 0; at < within.length && places.length < most; at += 1) {
    while (matched > 0 && within.charCodeAt(at) !== said.charCodeAt(matched)) matched = borders[matched - 1]!;
    if (within.charCodeAt(at) === said.charCodeAt(matched)) matched += 1;
    if (matched < said.length) continue;
    places.push(at + 1 - matched);
    matched = 0;
  }
  return places;
}
