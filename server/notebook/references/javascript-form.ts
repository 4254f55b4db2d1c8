import { SheafError } from "../sheaf-error.ts";
import { isNode, parseJavascript, type SyntaxNode } from "./parse-javascript.ts";

/**
 * What code is written as: one `expression`, the `body` of a function that returns something, or `statements` that return
 * nothing. What does not parse is a body.
 */
export function javascriptForm(source: string): "expression" | "body" | "statements" {
  // A last line may end in a comment.
  const wrapped = parsed(`(${source}\n)`);
  if (wrapped?.length === 1 && wrapped[0]!.type === "ExpressionStatement") return "expression";
  const body = parsed(source);
  return body === null || body.some(returns) ? "body" : "statements";
}

function parsed(source: string): readonly SyntaxNode[] | null {
  try {
    return parseJavascript(source)["body"] as readonly SyntaxNode[];
  } catch (thrown) {
    if (thrown instanceof SheafError) return null;
    throw thrown;
  }
}

/** Whether a statement returns from the function it stands in; what is returned from one inside it does not count. */
function returns(node: SyntaxNode): boolean {
  if (node.type === "ReturnStatement") return true;
  if (/Function|Class/.test(node.type)) return false;
  return Object.values(node).some((child) => [child].flat().some((item) => isNode(item) && returns(item)));
}
