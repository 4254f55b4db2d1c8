import { expressionPart } from "./expression-part.ts";
import type { ComparisonOperator, Expression } from "./syntax.ts";

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
    left: expressionPart(source, root.first),
    operator,
    right: expressionPart(source, operand),
  };
}
