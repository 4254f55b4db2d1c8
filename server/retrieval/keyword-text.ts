/** Characters of scripts that are written without spaces: each is a word of its own, or a whole sentence would be one. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;
const word = /[\p{L}\p{N}\p{M}\p{Co}]+/gu;
/** A query is cut to its first words: more than these say nothing about which row is meant, and take time. */
const mostWords = 512;

/** A text as it goes into the keyword index. */
export function indexText(text: string): string {
  return text.replace(unspaced, " $& ");
}

/** Any text as an FTS5 query for rows with at least one of its words; null where it has none. */
export function matchQuery(text: string): string | null {
  const words = new Set(indexText(text).toLowerCase().match(word));
  return words.size === 0
    ? null
    : [...words]
        .slice(0, mostWords)
        .map((each) => `"${each}"`)
        .join(" OR ");
}
