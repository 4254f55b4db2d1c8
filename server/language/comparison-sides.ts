import { analyzeExpression } from "./analysis.ts";
import type { ComparisonOperator, Expression, ExpressionNode } from "./syntax.ts";

/**
 * The two sides of an expression that is one comparison, for showing what each came to; null for any other.
 * They keep the whole source, so their positions are the whole's.
 */
export function comparisonSides({ source, root }: Expression): {
  readonly left: Expression;
  readonly operator: ComparisonOperator;
  readonly right: Expression;
} | null {
  if (root.kind !== "comparison" || root.rest.length !== 1) return null;
  const { operator, operand } = root.rest[0]!;
  return {
    left: side(source, root.first),
    operator,
    right: side(source, operand),
  };
}

function side(source: string, root: ExpressionNode): Expression {
  return { kind: "expression", source, root, analysis: analyzeExpression(source, root), ready: {} };
}
