import { parseArguments, label } from "./argument-parser.ts";
import { filterAliases, filters } from "./filters.ts";
import { Fault, placed, type Span } from "./language-error.ts";
import { suggestion } from "./nearest-name.ts";
import { predicateAliases, predicates } from "./predicates.ts";
import { arrange, type Signature } from "./signature.ts";
import type {
  Arguments,
  ComparisonOperator,
  ExpressionNode,
  FilterCall,
  TestNode,
  ArithmeticOperator,
} from "./syntax.ts";
import { tooDeep, type TokenCursor } from "./token-cursor.ts";

/** Words that are no names. */
export const keywords: ReadonlySet<string> = new Set(
  "and or not in is if else true false none null True False None".split(" "),
);

const constants: ReadonlyMap<string, null | boolean> = new Map([
  ["true", true],
  ["True", true],
  ["false", false],
  ["False", false],
  ["none", null],
  ["None", null],
  ["null", null],
]);

/** Operators of a level bind tighter than those before it; all group from the left, as in Jinja. */
const levels: readonly (readonly ArithmeticOperator[])[] = [["+", "-"], ["~"], ["*", "/", "//", "%"], ["**"]];
const comparisons: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">="]);

/** How many operators may follow each other on one level. */
const longestChain = 1_000;

/** Reads an expression at the cursor, as far as it goes. */
export function readExpression(cursor: TokenCursor): ExpressionNode {
  return cursor.nest(() => conditional(cursor));
}

/** Reads an expression, or several with commas between, which make a list; `{% for %}` and `{% set %}` take them. */
export function readTuple(
  cursor: TokenCursor,
  read: (cursor: TokenCursor) => ExpressionNode = readExpression,
): ExpressionNode {
  const { start } = cursor.current;
  const first = read(cursor);
  if (!cursor.isOperator(",")) return first;
  const items = [first];
  while (cursor.takeOperator(",")) {
    if (cursor.current.type === "end" || cursor.isOperator(")")) break;
    items.push(read(cursor));
  }
  return { kind: "list", items, start, end: cursor.lastEnd };
}

/** The iterable of a `for`: an `if` after it is the loop's own. */
export function readIterable(cursor: TokenCursor): ExpressionNode {
  return readTuple(cursor, (cursor) => cursor.nest(() => logical(cursor, "or")));
}

/** Reads the `name(…)` after a `|`. */
export function readFilterCall(cursor: TokenCursor): FilterCall {
  const token = cursor.expectName("the name of a filter");
  const name = filterAliases.get(token.text) ?? token.text;
  const signature = known(cursor, "filter", name, token, filters, filterAliases);
  const given = cursor.isOperator("(") ? parseArguments(cursor, readExpression) : none;
  if (cursor.isOperator(".") || cursor.isOperator("["))
    throw cursor.unexpected(null, `Put what comes before it in parentheses: \`(… | ${token.text})\`.`);
  checkArguments(cursor, signature, given, token);
  return { name, ...given, start: token.start, end: token.end };
}

const none: Arguments = { positional: [], named: [] };

function conditional(cursor: TokenCursor): ExpressionNode {
  const { start } = cursor.current;
  let then = logical(cursor, "or");
  for (let length = 0; cursor.takeWord("if"); length += 1) {
    bounded(cursor, length);
    const condition = logical(cursor, "or");
    const otherwise = cursor.takeWord("else") ? cursor.nest(() => conditional(cursor)) : null;
    then = { kind: "conditional", condition, then, otherwise, start, end: cursor.lastEnd };
  }
  return then;
}

function logical(cursor: TokenCursor, operator: "or" | "and"): ExpressionNode {
  const operand = () => (operator === "or" ? logical(cursor, "and") : negation(cursor));
  const { start } = cursor.current;
  let left = operand();
  for (let length = 0; cursor.takeWord(operator); length += 1) {
    bounded(cursor, length);
    left = { kind: "logical", operator, left, right: operand(), start, end: cursor.lastEnd };
  }
  return left;
}

function negation(cursor: TokenCursor): ExpressionNode {
  const { start } = cursor.current;
  if (!cursor.takeWord("not")) return comparison(cursor);
  const operand = cursor.nest(() => negation(cursor));
  return { kind: "not", operand, start, end: cursor.lastEnd };
}

function comparison(cursor: TokenCursor): ExpressionNode {
  const { start } = cursor.current;
  const first = arithmetic(cursor, 0);
  const rest: { operator: ComparisonOperator; operand: ExpressionNode }[] = [];
  for (;;) {
    const operator = comparisonOperator(cursor);
    if (operator === null) break;
    bounded(cursor, rest.length);
    rest.push({ operator, operand: arithmetic(cursor, 0) });
  }
  return rest.length === 0 ? first : { kind: "comparison", first, rest, start, end: cursor.lastEnd };
}

function comparisonOperator(cursor: TokenCursor): ComparisonOperator | null {
  const { current } = cursor;
  if (current.type === "operator") {
    if (current.text === "=") throw cursor.unexpected(null, "`==` compares.");
    return comparisons.has(current.text) ? (cursor.take().text as ComparisonOperator) : null;
  }
  if (cursor.takeWord("in")) return "in";
  const after = cursor.peek(1);
  if (!cursor.isWord("not") || after.type !== "name" || after.text !== "in") return null;
  cursor.take();
  cursor.take();
  return "not in";
}

function arithmetic(cursor: TokenCursor, level: number): ExpressionNode {
  const operators = levels[level];
  if (operators === undefined) return signed(cursor, true);
  const { start } = cursor.current;
  let left = arithmetic(cursor, level + 1);
  for (let length = 0; ; length += 1) {
    const { current } = cursor;
    const operator = current.type === "operator" ? operators.find((one) => one === current.text) : undefined;
    if (operator === undefined) return left;
    bounded(cursor, length);
    cursor.take();
    const right = arithmetic(cursor, level + 1);
    left = { kind: "arithmetic", operator, left, right, start, end: cursor.lastEnd };
  }
}

/** A filter or test after a sign applies to the signed number: `-1 | abs` is 1. */
function signed(cursor: TokenCursor, filtered: boolean): ExpressionNode {
  const { current } = cursor;
  let node: ExpressionNode;
  if (cursor.isOperator("-") || cursor.isOperator("+")) {
    cursor.take();
    const operand = cursor.nest(() => signed(cursor, false));
    node = { kind: "sign", operator: current.text as "-" | "+", operand, start: current.start, end: cursor.lastEnd };
  } else {
    node = postfix(cursor, primary(cursor), current.start);
  }
  return filtered ? filtersAndTests(cursor, node, current.start) : node;
}

function primary(cursor: TokenCursor): ExpressionNode {
  const token = cursor.current;
  const { start, end } = token;
  switch (token.type) {
    case "string": {
      let value = "";
      // Texts that follow each other are one, as in Python.
      while (cursor.current.type === "string") value += cursor.take().text;
      return { kind: "literal", value, start, end: cursor.lastEnd };
    }
    case "number":
      cursor.take();
      return { kind: "literal", value: token.value, start, end };
    case "name": {
      const constant = constants.get(token.text);
      if (constant === undefined && keywords.has(token.text)) throw cursor.unexpected("a value");
      cursor.take();
      return constant === undefined
        ? { kind: "name", name: token.text, start, end }
        : { kind: "literal", value: constant, start, end };
    }
    case "operator":
      if (token.text === "(") return parenthesis(cursor);
      if (token.text === "[") return list(cursor);
      if (token.text === "{") return dictionary(cursor);
      throw cursor.unexpected("a value");
    case "end":
      throw cursor.unexpected("a value");
  }
}

function parenthesis(cursor: TokenCursor): ExpressionNode {
  const { start } = cursor.take();
  if (cursor.takeOperator(")")) return { kind: "list", items: [], start, end: cursor.lastEnd };
  const node = readTuple(cursor);
  cursor.expectOperator(")", "to close the parenthesis");
  return node;
}

function list(cursor: TokenCursor): ExpressionNode {
  const { start } = cursor.take();
  const items: ExpressionNode[] = [];
  while (!cursor.isOperator("]")) {
    items.push(readExpression(cursor));
    if (!cursor.takeOperator(",")) break;
  }
  cursor.expectOperator("]", "to close the list");
  return { kind: "list", items, start, end: cursor.lastEnd };
}

function dictionary(cursor: TokenCursor): ExpressionNode {
  const { start } = cursor.take();
  const entries: { key: ExpressionNode; value: ExpressionNode }[] = [];
  while (!cursor.isOperator("}")) {
    const key = readExpression(cursor);
    cursor.expectOperator(":", "after a key");
    entries.push({ key, value: readExpression(cursor) });
    if (!cursor.takeOperator(",")) break;
  }
  cursor.expectOperator("}", "to close the mapping");
  return { kind: "dictionary", entries, start, end: cursor.lastEnd };
}

function postfix(cursor: TokenCursor, first: ExpressionNode, start: number): ExpressionNode {
  let node = first;
  for (let length = 0; ; length += 1) {
    bounded(cursor, length);
    if (cursor.isOperator(".")) node = attribute(cursor, node, start);
    else if (cursor.isOperator("[")) node = subscript(cursor, node, start);
    else if (cursor.isOperator("(")) node = call(cursor, node, start);
    else return node;
  }
}

function attribute(cursor: TokenCursor, object: ExpressionNode, start: number): ExpressionNode {
  const dot = cursor.take().start;
  const token = cursor.current;
  if (token.type === "name") {
    cursor.take();
    return { kind: "attribute", object, name: token.text, dot, nameStart: token.start, start, end: token.end };
  }
  if (token.type !== "number") throw cursor.unexpected("the name of a member");
  cursor.take();
  const index: ExpressionNode = { kind: "literal", value: token.value, start: token.start, end: token.end };
  return { kind: "index", object, index, bracket: dot, start, end: token.end };
}

function subscript(cursor: TokenCursor, object: ExpressionNode, start: number): ExpressionNode {
  const bracket = cursor.take().start;
  const parts: (ExpressionNode | null)[] = [];
  for (;;) {
    const absent = cursor.isOperator(":") || (cursor.isOperator("]") && parts.length > 0);
    parts.push(absent ? null : readExpression(cursor));
    if (parts.length === 3 || !cursor.takeOperator(":")) break;
  }
  cursor.expectOperator("]", "to close the index");
  const end = cursor.lastEnd;
  const [from = null, to = null, step = null] = parts;
  if (parts.length === 1 && from !== null) return { kind: "index", object, index: from, bracket, start, end };
  return { kind: "slice", object, from, to, step, start, end };
}

function call(cursor: TokenCursor, callee: ExpressionNode, start: number): ExpressionNode {
  const given = parseArguments(cursor, readExpression);
  const end = cursor.lastEnd;
  if (callee.kind === "attribute" && callee.name === "at") {
    const wrong = given.positional[0] ?? given.named.find(({ value }) => label(value, cursor.source) === null);
    if (wrong !== undefined)
      throw cursor.error(
        wrong,
        "`.at` takes labels written out",
        'Name the axis and write the label: `.at(model="big", shots=5)`.',
      );
  }
  return { kind: "call", callee, ...given, start, end };
}

function filtersAndTests(cursor: TokenCursor, first: ExpressionNode, start: number): ExpressionNode {
  let node = first;
  for (let length = 0; ; length += 1) {
    bounded(cursor, length);
    if (cursor.takeOperator("|")) {
      const filter = readFilterCall(cursor);
      node = { kind: "filter", operand: node, filter, start, end: cursor.lastEnd };
    } else if (cursor.takeWord("is")) node = test(cursor, node, start);
    else return node;
  }
}

function test(cursor: TokenCursor, operand: ExpressionNode, start: number): TestNode {
  const negated = cursor.takeWord("not");
  const token = cursor.expectName("the name of a test");
  const lower =
    token.text === "None" || token.text === "null"
      ? "none"
      : token.text.replace(/^(True|False)$/, (word) => word.toLowerCase());
  const name = predicateAliases.get(lower) ?? lower;
  const signature = known(cursor, "test", name, token, predicates, predicateAliases);
  let given = none;
  if (cursor.isOperator("(")) given = parseArguments(cursor, readExpression);
  else if (signature.parameters.length > 0 && beginsValue(cursor)) {
    const { start } = cursor.current;
    given = { positional: [cursor.nest(() => postfix(cursor, primary(cursor), start))], named: [] };
  }
  checkArguments(cursor, signature, given, token);
  return { kind: "test", operand, name, negated, ...given, start, end: cursor.lastEnd };
}

function beginsValue(cursor: TokenCursor): boolean {
  const { type, text } = cursor.current;
  if (type === "name") return constants.has(text) || !keywords.has(text);
  return type === "string" || type === "number" || (type === "operator" && (text === "[" || text === "{"));
}

function known<S extends Signature>(
  cursor: TokenCursor,
  what: string,
  name: string,
  span: Span,
  all: ReadonlyMap<string, S>,
  aliases: ReadonlyMap<string, string>,
): S {
  const found = all.get(name);
  if (found !== undefined) return found;
  const hint = suggestion(name, [...all.keys(), ...aliases.keys()]);
  throw placed(new Fault("language.undefined", `there is no ${what} \`${name}\`${hint}`), cursor.source, span);
}

function checkArguments(cursor: TokenCursor, signature: Signature, given: Arguments, span: Span): void {
  try {
    arrange(signature, given.positional, given.named);
  } catch (thrown) {
    throw placed(thrown, cursor.source, span);
  }
}

function bounded(cursor: TokenCursor, length: number): void {
  if (length >= longestChain) throw tooDeep(cursor.source, cursor.current);
}
