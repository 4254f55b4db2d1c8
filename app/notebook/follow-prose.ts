/** Texts between cells by their keys. */
export interface ProseTexts {
  readonly [key: string]: string;
}

/** The texts between cells of a notebook as they are now. */
export function proseTexts(prose: { readonly [key: string]: { readonly text: string } }): ProseTexts {
  return Object.fromEntries(Object.entries(prose).map(([key, { text }]) => [key, text]));
}

/**
 * The key of a text between cells after a change. It is named by the cell before it: where that became another, `text` is where it was not
 * before, and nowhere else. Where there is no such place it keeps its key.
 */
export function followProse(key: string, text: string, before: ProseTexts, now: ProseTexts): string {
  // Nothing is in many places.
  if (now[key] === text || text === "") return key;
  const [found, ...more] = Object.keys(now).filter((other) => now[other] === text && before[other] !== text);
  return found === undefined || more.length > 0 ? key : found;
}
