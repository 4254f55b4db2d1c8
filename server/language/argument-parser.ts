import type { Arguments, ExpressionNode, NamedArgument } from "./syntax.ts";
import type { TokenCursor } from "./token-cursor.ts";

/** Reads `(a, b, name=c)` at the cursor. */
export function parseArguments(cursor: TokenCursor, read: (cursor: TokenCursor) => ExpressionNode): Arguments {
  cursor.take();
  const positional: ExpressionNode[] = [];
  const named: NamedArgument[] = [];
  while (!cursor.isOperator(")")) {
    const token = cursor.current;
    const after = cursor.peek(1);
    if (token.type === "name" && after.type === "operator" && after.text === "=") {
      cursor.take();
      cursor.take();
      if (named.some(({ name }) => name === token.text)) throw cursor.error(token, `\`${token.text}\` is given twice`);
      named.push({ name: token.text, value: read(cursor), start: token.start, end: cursor.lastEnd });
    } else if (cursor.isOperator("*") || cursor.isOperator("**")) {
      throw cursor.unexpected("an argument", "Lists of arguments are not unpacked; write them out.");
    } else {
      if (named.length > 0) throw cursor.error(token, "an argument without a name stands after one with a name");
      positional.push(read(cursor));
    }
    if (!cursor.takeOperator(",")) break;
  }
  cursor.expectOperator(")", "to close the arguments");
  return { positional, named };
}

/** An axis label: a text's content, or a number or word as it is written; null for what is not written out. */
export function label(node: ExpressionNode, source: string): string | null {
  if (node.kind === "literal") return typeof node.value === "string" ? node.value : source.slice(node.start, node.end);
  const signed = node.kind === "sign" && node.operand.kind === "literal" && typeof node.operand.value !== "string";
  return signed ? source.slice(node.start, node.end) : null;
}
