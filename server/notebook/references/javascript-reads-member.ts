import { freeNames } from "./javascript-names.ts";
import { isNode, parseJavascript, type SyntaxNode } from "./parse-javascript.ts";

/**
 * Whether the body of a function may read a member of this name: `r.topic`, `r["topic"]`, `({ topic }) => …`. What it reads directly of a
 * free name that `isOther` takes is none. Throws `javascript.syntax`.
 */
export function javascriptReadsMember(source: string, member: string, isOther: (name: string) => boolean): boolean {
  const ofOthers = new Set(
    freeNames(source).flatMap(({ name, members: [first] }) =>
      isOther(name) && first !== undefined ? first.start : [],
    ),
  );
  const isName = (node: unknown): boolean => isNode(node) && node.type === "Identifier" && node["name"] === member;
  const isIt = (node: SyntaxNode): boolean => {
    switch (node.type) {
      case "MemberExpression": {
        const property = node["property"] as SyntaxNode;
        return node["computed"] !== true && isName(property) && !ofOthers.has(property.start);
      }
      case "ObjectPattern":
        return (node["properties"] as readonly SyntaxNode[]).some((property) => isName(property["key"]));
      case "Literal":
        return node["value"] === member && !ofOthers.has(node.start + 1);
      default:
        return false;
    }
  };
  const open: unknown[] = [parseJavascript(source)];
  while (open.length > 0) {
    const node = open.pop();
    if (Array.isArray(node)) open.push(...(node as unknown[]));
    else if (isNode(node)) {
      if (isIt(node)) return true;
      open.push(...Object.values(node));
    }
  }
  return false;
}
