import { syntaxError, type Span } from "./language-error.ts";

export type Token =
  | (Span & { readonly type: "name" | "operator"; readonly text: string })
  | (Span & { readonly type: "string"; readonly text: string })
  | (Span & { readonly type: "number"; readonly value: number | bigint; readonly text: string })
  | (Span & { readonly type: "end"; readonly text: "" });

/** The tokens of one expression or tag, the last one `end`; where the tag is over; and the `-` or `+` of its closer. */
export interface Scan {
  readonly tokens: readonly Token[];
  readonly end: number;
  readonly control: "-" | "+" | "";
}

const space = /[\s\u0000]*/y;
const name = /[\p{L}_][\p{L}\p{N}\p{M}_]*/uy;
const number = /0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|\d+(?:_\d+)*(?:\.\d+(?:_\d+)*)?(?:[eE][+-]?\d+)?/y;
const digits = /\d+/y;
const operator = /\*\*|\/\/|[=!<>]=|[-+*/%~<>=()[\]{}.,:|]/y;

/** Digits of the longest number that can be written out. */
const longestNumber = 10_000;

/**
 * The tokens of `source` from `start`, up to `closer` (`}}` or `%}`, perhaps after a `-` or `+`), or up to `limit`
 * where there is none. `opening` is the place to blame where the closer is missing.
 */
export function scanTokens(
  source: string,
  start: number,
  closer: "}}" | "%}" | null,
  opening: Span = { start, end: start },
  limit: number = source.length,
): Scan {
  const tokens: Token[] = [];
  const brackets: string[] = [];
  let position = start;
  for (;;) {
    position = skip(space, source, position);
    if (position >= limit) {
      if (closer !== null) {
        const tag = source.slice(opening.start, opening.end);
        throw syntaxError(source, opening, `\`${tag}\` is never closed`, `Close it with \`${closer}\`.`);
      }
      tokens.push({ type: "end", text: "", start: limit, end: limit });
      return { tokens, end: limit, control: "" };
    }
    // `}}` may also end two dictionaries; it is the tag's end where no dictionary is open.
    if (closer !== null && (closer === "%}" || brackets.at(-1) !== "{")) {
      const first = source.charAt(position);
      const control = (first === "-" || first === "+") && source.startsWith(closer, position + 1) ? first : "";
      if (control !== "" || source.startsWith(closer, position)) {
        tokens.push({ type: "end", text: "", start: position, end: position + control.length + 2 });
        return { tokens, end: position + control.length + 2, control };
      }
    }
    const token = scanToken(source, position, tokens.at(-1));
    if (token.type === "operator") {
      if ("([{".includes(token.text)) brackets.push(token.text);
      else if (")]}".includes(token.text)) brackets.pop();
    }
    tokens.push(token);
    position = token.end;
  }
}

function scanToken(source: string, start: number, previous: Token | undefined): Token {
  const first = source.charAt(start);
  if (first === '"' || first === "'") return scanString(source, start, first);
  let end = skip(name, source, start);
  if (end > start) return { type: "name", text: source.slice(start, end), start, end };
  // `rows.0.1` is two members and no decimal.
  end = skip(previous?.type === "operator" && previous.text === "." ? digits : number, source, start);
  if (end > start) {
    const text = source.slice(start, end);
    return { type: "number", value: numberOf(source, text, { start, end }), text, start, end };
  }
  end = skip(operator, source, start);
  if (end > start) return { type: "operator", text: source.slice(start, end), start, end };
  const character = String.fromCodePoint(source.codePointAt(start)!);
  throw syntaxError(
    source,
    { start, end: start + character.length },
    `\`${character}\` means nothing here`,
    character === "&" || character === "!" ? "Say `and`, `or`, `not`." : "A text stands in quotes: `\"…\"` or `'…'`.",
  );
}

function numberOf(source: string, text: string, span: Span): number | bigint {
  const plain = text.replaceAll("_", "");
  if (plain.length > longestNumber) throw syntaxError(source, span, "this number is too long");
  if (/^\d+$/.test(plain) || /^0[xXbBoO]./.test(plain)) {
    const value = Number(plain);
    return Number.isSafeInteger(value) ? value : BigInt(plain);
  }
  const value = Number(plain);
  if (!Number.isFinite(value)) throw syntaxError(source, span, `\`${text}\` is no number that can be computed with`);
  return value;
}

const escapes: { readonly [letter: string]: string } = {
  n: "\n",
  t: "\t",
  r: "\r",
  b: "\b",
  f: "\f",
  v: "\v",
  "0": "\0",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "/": "/",
};
const hexadecimal: { readonly [letter: string]: RegExp } = {
  x: /[0-9a-fA-F]{2}/y,
  u: /[0-9a-fA-F]{4}/y,
  U: /[0-9a-fA-F]{8}/y,
};

function scanString(source: string, start: number, quote: string): Token {
  let text = "";
  let position = start + 1;
  for (;;) {
    const character = source.charAt(position);
    if (character === "") {
      const opening = { start, end: start + 1 };
      throw syntaxError(source, opening, "this text is never closed", `Close it with \`${quote}\`.`);
    }
    position += 1;
    if (character === quote) return { type: "string", text, start, end: position };
    if (character !== "\\") {
      // A line end in a text is `\n`, whatever the file has.
      text += character === "\r" && source.charAt(position) === "\n" ? "" : character;
      continue;
    }
    const letter = source.charAt(position);
    position += 1;
    const pattern = hexadecimal[letter];
    const end = pattern === undefined ? position : skip(pattern, source, position);
    const code = end > position ? Number.parseInt(source.slice(position, end), 16) : -1;
    if (code >= 0 && code <= 0x10ffff) {
      text += String.fromCodePoint(code);
      position = end;
    } else if (letter === "\r" && source.charAt(position) === "\n") position += 1;
    else if (letter !== "\n") {
      // As in Python, a backslash before any other letter stays.
      text += escapes[letter] ?? `\\${letter}`;
    }
  }
}

function skip(pattern: RegExp, source: string, position: number): number {
  pattern.lastIndex = position;
  return pattern.test(source) ? pattern.lastIndex : position;
}
