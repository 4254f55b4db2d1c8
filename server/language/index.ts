export { LanguageError, Fault, type Span } from "./language-error.ts";
export {
  hostFunction,
  hostValue,
  scopeOf,
  skipped,
  HostFunction,
  type HostValue,
  type LanguageRecord,
  type LanguageValue,
  type Result,
  type Scope,
} from "./language-value.ts";
export { isTruthy } from "./lists.ts";
export { defaultLimits, type Limits } from "./meter.ts";
export { parseExpression, parseTemplate, templateProblems, type TemplateOptions } from "./parse.ts";
export { type MarkedMessage } from "./messages.ts";
export { evaluate, renderMarkedMessages, renderMarkedTemplate, renderMessages, renderTemplate } from "./render.ts";
export { positionAt, positionsIn } from "./position.ts";
export type * from "./syntax.ts";
export { references, wholeReference } from "./references.ts";
export { readsMember } from "./reads-member.ts";
export { renameInExpression, renameInTemplate } from "./rename.ts";
export { comparisonSides } from "./comparison-sides.ts";
export { completionAt, type Completion } from "./completion.ts";
export { type AxisNames, type CellNames, type CompletionNames } from "./expression-completion.ts";
export { templateOfMessages } from "./template-of-messages.ts";
export { expressionPieces, templatePieces, type SourcePiece } from "./source-pieces.ts";
export { filterToSql, type SqlFilter } from "./filter-to-sql.ts";
export { type SqlColumn } from "./sql-operand.ts";
