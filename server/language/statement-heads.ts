import { keywords, readExpression, readFilterCall, readIterable, readTuple } from "./expression-parser.ts";
import type {
  CallNode,
  ExpressionNode,
  FilterCall,
  ForStatement,
  NameNode,
  Parameter,
  Target,
  WithStatement,
} from "./syntax.ts";
import type { TokenCursor } from "./token-cursor.ts";

/** Reads a name that is assigned to. */
export function readName(cursor: TokenCursor): NameNode {
  const token = cursor.expectName("a name");
  if (keywords.has(token.text) || token.text === "loop")
    throw cursor.error(token, `\`${token.text}\` cannot be assigned to`);
  return { kind: "name", name: token.text, start: token.start, end: token.end };
}

/** Reads `a`, `a, b`, `(a, (b, c))` or, where `members` can be assigned to, `ns.a`. */
export function readTarget(cursor: TokenCursor, members: boolean): Target {
  const { start } = cursor.current;
  const first = readOneTarget(cursor, members);
  if (!cursor.isOperator(",")) return first;
  const items = [first];
  while (cursor.takeOperator(",")) {
    if (cursor.current.type !== "name" && !cursor.isOperator("(")) break;
    if (cursor.isWord("in")) break;
    items.push(readOneTarget(cursor, members));
  }
  return { kind: "tuple", items, start, end: cursor.lastEnd };
}

function readOneTarget(cursor: TokenCursor, members: boolean): Target {
  const { start } = cursor.current;
  if (cursor.takeOperator("(")) {
    const target = cursor.nest(() => readTarget(cursor, members));
    cursor.expectOperator(")", "to close the names");
    return target.kind === "tuple" ? { ...target, start, end: cursor.lastEnd } : target;
  }
  const object = readName(cursor);
  if (!members || !cursor.takeOperator(".")) return object;
  const { text } = cursor.expectName("the name of a member");
  return { kind: "member", object, name: text, start, end: cursor.lastEnd };
}

/** Reads what stands between `for` and `%}`. */
export function readForHead(cursor: TokenCursor): Pick<ForStatement, "target" | "iterable" | "condition"> {
  const target = readTarget(cursor, false);
  if (!cursor.takeWord("in")) throw cursor.unexpected("`in`", "A loop is `{% for item in items %}`.");
  const iterable = readIterable(cursor);
  const condition = cursor.takeWord("if") ? readExpression(cursor) : null;
  if (cursor.isWord("recursive")) throw cursor.unexpected(null, "A macro that calls itself walks a tree.");
  cursor.expectEnd();
  return { target, iterable, condition };
}

/** Reads the condition of an `if`. */
export function readCondition(cursor: TokenCursor): ExpressionNode {
  const condition = readTuple(cursor);
  cursor.expectEnd();
  return condition;
}

/** Reads `(a, b=1)`, the parameters of a macro. */
export function readParameters(cursor: TokenCursor): readonly Parameter[] {
  const parameters: Parameter[] = [];
  cursor.expectOperator("(", "and the parameters");
  while (!cursor.isOperator(")")) {
    const name = readName(cursor);
    if (parameters.some((other) => other.name.name === name.name))
      throw cursor.error(name, `\`${name.name}\` is a parameter twice`);
    const standard = cursor.takeOperator("=") ? readExpression(cursor) : null;
    if (standard === null && parameters.at(-1)?.standard)
      throw cursor.error(name, "a parameter without a value stands after one with a value");
    parameters.push({ name, standard });
    if (!cursor.takeOperator(",")) break;
  }
  cursor.expectOperator(")", "to close the parameters");
  return parameters;
}

/** Reads the `macro(…)` of a `call`. */
export function readCall(cursor: TokenCursor): CallNode {
  const expression = readExpression(cursor);
  if (expression.kind === "call") return expression;
  throw cursor.error(expression, "`call` needs a call of a macro");
}

/** Reads `upper | trim`, the filters of a block. */
export function readFilterCalls(cursor: TokenCursor): readonly FilterCall[] {
  const filters = [readFilterCall(cursor)];
  while (cursor.takeOperator("|")) filters.push(readFilterCall(cursor));
  return filters;
}

/** Reads `a = 1, b = 2`, the names of a `with`. */
export function readBindings(cursor: TokenCursor): WithStatement["bindings"] {
  const bindings: { target: Target; value: ExpressionNode }[] = [];
  while (cursor.current.type !== "end") {
    const target = readOneTarget(cursor, false);
    cursor.expectOperator("=", "and a value");
    bindings.push({ target, value: readExpression(cursor) });
    if (!cursor.takeOperator(",")) break;
  }
  return bindings;
}
