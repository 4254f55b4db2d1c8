/** A regular expression of JavaScript: its source, and the flags to try it with, the first that it is one with. */
export interface JavascriptPattern {
  readonly source: string;
  readonly flags: readonly string[];
}

/** What RE2 says in other words. */
const words: { readonly [word: string]: string } = {
  "(?P<": "(?<",
  [String.raw`\A`]: "(?<![^])",
  [String.raw`\z`]: "(?![^])",
  [String.raw`\-`]: String.raw`\x2d`,
};

/** A pattern as it is written for RE2, in JavaScript's words: by whole characters, with leading flags such as `(?i)`. */
export function javascriptPattern(pattern: string, ignoreCase: boolean): JavascriptPattern {
  const [leading = "", letters = ""] = /^\(\?([ims]+)\)/.exec(pattern) ?? [];
  const source = pattern
    .slice(leading.length)
    .replaceAll(/\\x(\{[0-9A-Fa-f]+\})|\\[^]|\(\?P</g, (word, code?: string) => {
      if (code !== undefined) return `\\u${code}`;
      // With `u` a character that has no other meaning has no backslash either.
      return words[word] ?? (/^\\[\w^$\\.*+?()[\]{}|/]$/.test(word) ? word : word.slice(1));
    });
  const flags = [...new Set(`${letters}${ignoreCase ? "i" : ""}`)].join("");
  return { source, flags: hasOtherMeaning(source) ? [`${flags}u`] : [`${flags}u`, flags] };
}

/** Whether a pattern that is none with `u` would be one of other characters without, and not only have a `{` that counts nothing. */
function hasOtherMeaning(source: string): boolean {
  const escapes = source.match(/\\(?:u\{|[^])/g) ?? [];
  return source.includes("[:") || !escapes.every((escape) => /^\\(?:[^A-Za-z]|[BDSWbcdfknrstuvwx])$/.test(escape));
}
