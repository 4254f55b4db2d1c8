import { expressionOptions, type CompletionNames, type Option } from "./expression-completion.ts";
import { LanguageError } from "./language-error.ts";
import { localsAfter, type Locals } from "./local-names.ts";
import { placeAt } from "./open-tag.ts";
import { statementNames } from "./template-parser.ts";
import { scanTokens, type Token } from "./tokens.ts";

/** Something that can stand at a place: `label` instead of the text from `from` to `to`. */
export interface Completion extends Option {
  readonly from: number;
  readonly to: number;
}

/**
 * What can be written at `offset` of a source that need not be finished. All of it is given, whatever of a word is
 * there already, because an editor narrows the list itself while one types.
 */
export function completionAt(
  source: string,
  kind: "template" | "expression",
  offset: number,
  names: CompletionNames,
): readonly Completion[] {
  if (kind === "expression") return inExpression(source, 0, offset, names, noLocals);
  const { place, statements } = placeAt(source, offset);
  const locals = localsAfter(statements);
  switch (place.kind) {
    case "comment":
      return [];
    case "text":
      return roleLines(source, place.lineStart, offset);
    case "statement":
      return inStatement(source, place.start, offset, names, locals);
    case "print":
    case "expression":
      return inExpression(source, place.start, offset, names, locals);
  }
}

const noLocals: Locals = { names: [], open: [] };

function inExpression(
  source: string,
  start: number,
  offset: number,
  names: CompletionNames,
  locals: Locals,
): readonly Completion[] {
  const { tokens, from, quote } = written(source, start, offset);
  return placed(expressionOptions(tokens, quote, names, locals.names), from, offset);
}

function inStatement(
  source: string,
  start: number,
  offset: number,
  names: CompletionNames,
  locals: Locals,
): readonly Completion[] {
  const { tokens, from, quote } = written(source, start, offset);
  const [first, ...rest] = tokens;
  if (first === undefined) return placed(statementOptions(locals.open), from, offset);
  const has = (word: string) => rest.some((token) => token.type !== "string" && token.text === word);
  switch (first.text) {
    case "for":
      if (has("in")) break;
      return rest.length === 0 ? [] : placed([{ label: "in", kind: "keyword" }], from, offset);
    case "set":
      if (has("=") || has("|")) break;
      return [];
    case "macro":
    case "with":
      if (has("=")) break;
      return [];
    case "call": {
      if (!isBracket(rest[0], "(")) break;
      const called = afterBrackets(rest);
      if (called !== null) return placed(expressionOptions(called, quote, names, locals.names), from, offset);
      if (has("=")) break;
      return [];
    }
    case "filter":
      return placed(
        expressionOptions([{ ...first, type: "operator", text: "|" }, ...rest], quote, names, locals.names),
        from,
        offset,
      );
  }
  return placed(expressionOptions(rest, quote, names, locals.names), from, offset);
}

/** The tokens after the brackets that those begin with; null where they are still open. */
function afterBrackets(tokens: readonly Token[]): readonly Token[] | null {
  let depth = 0;
  for (const [place, token] of tokens.entries()) {
    if (isBracket(token, "([{")) depth += 1;
    else if (isBracket(token, ")]}")) depth -= 1;
    if (depth === 0) return tokens.slice(place + 1);
  }
  return null;
}

function isBracket(token: Token | undefined, brackets: string): boolean {
  return token?.type === "operator" && brackets.includes(token.text);
}

function placed(options: readonly Option[], from: number, to: number): readonly Completion[] {
  return options.map((option) => ({ ...option, from, to }));
}

function statementOptions(open: readonly string[]): readonly Option[] {
  return [...endings(open), ...statementNames].map((label) => ({ label, kind: "statement" }));
}

function endings(open: readonly string[]): readonly string[] {
  const word = open.at(-1);
  if (word === undefined) return [];
  const others = word === "if" ? ["elif", "else"] : word === "for" ? ["else"] : [];
  return [...others, `end${word}`];
}

/** The tokens before what is being written: a word, which begins at `from`, or the inside of a text, after its `quote`. */
function written(source: string, start: number, offset: number): Written {
  const before = source.slice(0, offset);
  try {
    const tokens = scanTokens(before, start, null).tokens.slice(0, -1);
    const last = tokens.at(-1);
    const word = last?.type === "name" && last.end === offset ? last : null;
    return word === null
      ? { tokens, from: offset, quote: null }
      : { tokens: tokens.slice(0, -1), from: word.start, quote: null };
  } catch (thrown) {
    if (!(thrown instanceof LanguageError)) throw thrown;
    const fault = thrown.position.offset;
    const quote = before.charAt(fault);
    if (!"\"'".includes(quote)) return { tokens: [], from: offset, quote };
    const tokens = scanTokens(before.slice(0, fault), start, null).tokens.slice(0, -1);
    return { tokens, from: fault + 1, quote };
  }
}

interface Written {
  readonly tokens: readonly Token[];
  readonly from: number;
  readonly quote: string | null;
}

function roleLines(source: string, lineStart: number, offset: number): readonly Completion[] {
  const line = source.slice(lineStart, offset);
  if (line === "" || !/^[a-z]*$/.test(line)) return [];
  const labels = ["system:", "user:", "assistant:", "messages: ="];
  return placed(
    labels.map((label): Option => ({ label, kind: "role" })),
    lineStart,
    offset,
  );
}
