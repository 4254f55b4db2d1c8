import { RE2JS } from "re2js";

/**
 * A regular expression that takes time linear in the text, whatever it is: RE2's, by re2js, but `\s` is all white space, as in
 * JavaScript, and not ASCII's alone. Throws a `RE2JSSyntaxException` for what RE2 cannot do or is no regular expression.
 */
export function linearPattern(pattern: string, ignoreCase: boolean): RE2JS {
  return RE2JS.compile(withWideSpace(RE2JS.translateRegExp(pattern)), ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
}

// A class may go on with `-` after `\s`, which would make a range of what ends in a letter.
const space = String.raw`\v\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}\s`;
const noSpace = String.raw`\x00-\x08\x0E-\x1F!-\x{9F}\x{A1}-\x{167F}\x{1681}-\x{1FFF}\x{200B}-\x{2027}\x{202A}-\x{202E}\x{2030}-\x{205E}\x{2060}-\x{2FFF}\x{3001}-\x{FEFE}\x{FF00}-\x{10FFFF}`;

function withWideSpace(pattern: string): string {
  let inClass = false;
  return pattern.replaceAll(/\\Q[^]*?(?:\\E|$)|\\[^]|\[:\^?\w+:\]|\[\^?\]?|\]/g, (token) => {
    const ranges = token === String.raw`\s` ? space : token === String.raw`\S` ? noSpace : null;
    if (ranges !== null) return inClass ? ranges : `[${ranges}]`;
    // `[:alpha:]` is whole: a class of POSIX within a class, and a class of these characters elsewhere.
    if (token.startsWith("[:")) return token;
    // The first `]` of a class stands for itself.
    if (inClass ? token.endsWith("]") && token !== String.raw`\]` : token.startsWith("[")) inClass = !inClass;
    return token;
  });
}
