import type { CallNode, FilterNode, LogicalNode, TestNode } from "./syntax.ts";

/**
 * What a reader makes of an absent operand: `strict` takes neither, `skippable` takes what was skipped (the left of
 * `or`), `optional` also what is not there (`default`, `is defined`, `first(a, b)`).
 */
export type Tolerance = "strict" | "skippable" | "optional";

/** How a filter reads its operand. */
export function filterOperandTolerance(node: FilterNode): Tolerance {
  return node.filter.name === "default" ? "optional" : "strict";
}

/** How a test reads its operand. */
export function testOperandTolerance(node: TestNode): Tolerance {
  return node.name === "defined" || node.name === "undefined" || node.name === "skipped" ? "optional" : "strict";
}

/** How `and` and `or` read their left side; the right one is read as the whole is. */
export function leftTolerance(node: LogicalNode, whole: Tolerance): Tolerance {
  if (node.operator === "or") return "skippable";
  return whole === "strict" ? "strict" : "skippable";
}

/** How a call of a built-in function reads its arguments. */
export function argumentTolerance(builtIn: string | null): Tolerance {
  return builtIn === "first" ? "optional" : "strict";
}

/** The name that is called, where a name is called. */
export function calledName(node: CallNode): string | null {
  const { callee } = node;
  return callee.kind === "name" ? callee.name : null;
}
