import type { Token } from "./tokens.ts";

/** What the statements before a place leave open and bound there. */
export interface Locals {
  readonly names: readonly string[];
  /** The statement whose end is missing, innermost last. */
  readonly open: readonly string[];
}

/** Reads the names that statements bind from their tokens, so that a source need not be finished. */
export function localsAfter(statements: readonly (readonly Token[])[]): Locals {
  const blocks: { word: string; names: string[] }[] = [{ word: "", names: [] }];
  for (const tokens of statements) {
    const word = wordAt(tokens, 0);
    const block = blocks.at(-1)!;
    if (word.startsWith("end") && blocks.length > 1) blocks.pop();
    else if (word === "set") {
      block.names.push(...namesUntil(tokens, "="));
      // In a filter's argument `=` assigns nothing.
      const filters = tokens.findIndex(isOperator("|"));
      const head = filters < 0 ? tokens : tokens.slice(0, filters);
      if (!head.some(isOperator("="))) blocks.push({ word, names: [] });
    } else if (word === "for") blocks.push({ word, names: ["loop", ...namesUntil(tokens, "in")] });
    else if (word === "macro") {
      block.names.push(wordAt(tokens, 1));
      blocks.push({ word, names: ["caller", ...parameterNames(tokens)] });
    } else if (word === "with") blocks.push({ word, names: parameterNames(tokens) });
    else if (word === "if" || word === "filter") blocks.push({ word, names: block.names });
    else if (word === "call") blocks.push({ word, names: wordAt(tokens, 1) === "" ? parameterNames(tokens) : [] });
  }
  const names = new Set(blocks.flatMap((block) => block.names).filter((name) => name !== ""));
  return { names: [...names], open: blocks.slice(1).map(({ word }) => word) };
}

function wordAt(tokens: readonly Token[], place: number): string {
  const token = tokens[place];
  return token?.type === "name" ? token.text : "";
}

function isOperator(text: string): (token: Token) => boolean {
  return (token) => token.type === "operator" && token.text === text;
}

function namesUntil(tokens: readonly Token[], end: string): string[] {
  const names: string[] = [];
  for (const [place, token] of tokens.slice(1).entries()) {
    if (token.text === end || isOperator("|")(token)) break;
    const member = isOperator(".")(tokens[place]!) || isOperator(".")(tokens[place + 2] ?? token);
    if (token.type === "name" && !member) names.push(token.text);
  }
  return names;
}

/** The names before their values in `macro m(a, b=f(c))`, `call(a)` or `with a = 1, b = 2`. */
function parameterNames(tokens: readonly Token[]): string[] {
  const level = wordAt(tokens, 0) === "with" ? 0 : 1;
  const names: string[] = [];
  let depth = 0;
  for (const [place, token] of tokens.entries()) {
    if (token.type === "operator" && "([{".includes(token.text)) depth += 1;
    if (token.type === "operator" && ")]}".includes(token.text)) {
      depth -= 1;
      // What follows the parameters of a `call` is the call.
      if (depth < level) break;
    }
    const before = tokens[place - 1];
    const begins =
      before !== undefined && (isOperator("(")(before) || isOperator(",")(before) || (level === 0 && place === 1));
    if (token.type === "name" && depth === level && begins) names.push(token.text);
  }
  return names;
}
