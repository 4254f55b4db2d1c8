/** Something that can be looked for by words. */
export interface Findable {
  readonly label: string;
  readonly keywords?: string;
}

/** The items that have every word of a query, best first; all of them in their order for an empty one. */
export function ranked<Item extends Findable>(items: readonly Item[], query: string): readonly Item[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return items;
  return items
    .map((item, index) => ({ item, index, score: scoreOf(item, words) }))
    .filter(({ score }) => score > 0)
    .sort((left, right) => right.score - left.score || left.index - right.index)
    .map(({ item }) => item);
}

function scoreOf({ label, keywords = "" }: Findable, words: readonly string[]): number {
  let score = 0;
  for (const word of words) {
    const own = Math.max(wordScore(label.toLowerCase(), word) * 2, wordScore(keywords.toLowerCase(), word));
    if (own === 0) return 0;
    score += own;
  }
  return score / words.length - label.length / 1_000;
}

/** How well a word is found in a text: at its start, at a word's, inside one, or as letters in their order close together. */
function wordScore(text: string, word: string): number {
  const at = text.indexOf(word);
  if (at === 0) return 8;
  if (at > 0) return /[\p{L}\p{N}]/u.test(text[at - 1]!) ? 3 : 6;
  return word.length > 2 && isScattered(text, word) ? 1 : 0;
}

/** Whether a word's letters stand in a text in their order, close together. */
function isScattered(text: string, word: string): boolean {
  for (let start = text.indexOf(word[0]!); start >= 0; start = text.indexOf(word[0]!, start + 1)) {
    let at = start;
    for (const letter of word.slice(1)) {
      at = text.indexOf(letter, at + 1);
      if (at < 0) return false;
    }
    if (at - start < word.length * 2.5) return true;
  }
  return false;
}
