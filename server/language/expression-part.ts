import { analyzeExpression } from "./analysis.ts";
import type { Expression, ExpressionNode } from "./syntax.ts";

/** A part of an expression as one of its own. It keeps the whole source, so its positions are the whole's. */
export function expressionPart(source: string, root: ExpressionNode): Expression {
  return { kind: "expression", source, root, analysis: analyzeExpression(source, root), ready: {} };
}
