import type { Analysis } from "./binding.ts";
import type { Execute } from "./compile-template.ts";
import type { Evaluate } from "./compiler.ts";
import type { Span } from "./language-error.ts";

/** An expression with its source; spans in `root` count in `source`. */
export interface Expression {
  readonly kind: "expression";
  readonly source: string;
  readonly root: ExpressionNode;
  /** What its names mean. */
  readonly analysis: Analysis;
  /** Made ready to run, when it first is. Not in a WeakMap, whose entries cost the garbage collector more than parsing. */
  readonly ready: { evaluate?: Evaluate };
}

/** A template with its source; spans in `body` count in `source`. */
export interface Template {
  readonly kind: "template";
  readonly source: string;
  readonly body: readonly Statement[];
  /** What its names mean. */
  readonly analysis: Analysis;
  /** Made ready to run, when it first is. */
  readonly ready: { execute?: Execute };
}

export type ExpressionNode =
  | LiteralNode
  | NameNode
  | ListNode
  | DictionaryNode
  | AttributeNode
  | IndexNode
  | SliceNode
  | CallNode
  | FilterNode
  | TestNode
  | NotNode
  | SignNode
  | ArithmeticNode
  | LogicalNode
  | ComparisonNode
  | ConditionalNode;

export interface LiteralNode extends Span {
  readonly kind: "literal";
  readonly value: null | boolean | number | bigint | string;
}

export interface NameNode extends Span {
  readonly kind: "name";
  readonly name: string;
}

/** A list, or a tuple, which is a list too. */
export interface ListNode extends Span {
  readonly kind: "list";
  readonly items: readonly ExpressionNode[];
}

export interface DictionaryNode extends Span {
  readonly kind: "dictionary";
  readonly entries: readonly { readonly key: ExpressionNode; readonly value: ExpressionNode }[];
}

/** `object.name` */
export interface AttributeNode extends Span {
  readonly kind: "attribute";
  readonly object: ExpressionNode;
  readonly name: string;
  /** Where the `.` is; the name's own place is `nameStart` to `end`. */
  readonly dot: number;
  readonly nameStart: number;
}

/** `object[index]` */
export interface IndexNode extends Span {
  readonly kind: "index";
  readonly object: ExpressionNode;
  readonly index: ExpressionNode;
  /** Where the `[` is. */
  readonly bracket: number;
}

/** `object[from:to:step]` */
export interface SliceNode extends Span {
  readonly kind: "slice";
  readonly object: ExpressionNode;
  readonly from: ExpressionNode | null;
  readonly to: ExpressionNode | null;
  readonly step: ExpressionNode | null;
}

export interface NamedArgument extends Span {
  readonly name: string;
  readonly value: ExpressionNode;
}

export interface Arguments {
  readonly positional: readonly ExpressionNode[];
  readonly named: readonly NamedArgument[];
}

export interface CallNode extends Span, Arguments {
  readonly kind: "call";
  readonly callee: ExpressionNode;
}

/** A filter with its arguments; the span is that of its name. */
export interface FilterCall extends Span, Arguments {
  readonly name: string;
}

/** `operand | name(…)` */
export interface FilterNode extends Span {
  readonly kind: "filter";
  readonly operand: ExpressionNode;
  readonly filter: FilterCall;
}

/** `operand is name(…)`, `operand is not name` */
export interface TestNode extends Span, Arguments {
  readonly kind: "test";
  readonly operand: ExpressionNode;
  readonly name: string;
  readonly negated: boolean;
}

export interface NotNode extends Span {
  readonly kind: "not";
  readonly operand: ExpressionNode;
}

export interface SignNode extends Span {
  readonly kind: "sign";
  readonly operator: "-" | "+";
  readonly operand: ExpressionNode;
}

export type ArithmeticOperator = "+" | "-" | "~" | "*" | "/" | "//" | "%" | "**";

export interface ArithmeticNode extends Span {
  readonly kind: "arithmetic";
  readonly operator: ArithmeticOperator;
  readonly left: ExpressionNode;
  readonly right: ExpressionNode;
}

export interface LogicalNode extends Span {
  readonly kind: "logical";
  readonly operator: "and" | "or";
  readonly left: ExpressionNode;
  readonly right: ExpressionNode;
}

export type ComparisonOperator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in";

/** `first < second <= third`: each operand is compared with the one before it. */
export interface ComparisonNode extends Span {
  readonly kind: "comparison";
  readonly first: ExpressionNode;
  readonly rest: readonly { readonly operator: ComparisonOperator; readonly operand: ExpressionNode }[];
}

/** `then if condition else otherwise` */
export interface ConditionalNode extends Span {
  readonly kind: "conditional";
  readonly condition: ExpressionNode;
  readonly then: ExpressionNode;
  readonly otherwise: ExpressionNode | null;
}

/** What a `for`, `set` or `with` assigns to. */
export type Target =
  | NameNode
  | (Span & { readonly kind: "tuple"; readonly items: readonly Target[] })
  | (Span & { readonly kind: "member"; readonly object: NameNode; readonly name: string });

export interface Parameter {
  readonly name: NameNode;
  readonly standard: ExpressionNode | null;
}

export type Statement =
  | (Span & { readonly kind: "text"; readonly text: string })
  | (Span & { readonly kind: "print"; readonly expression: ExpressionNode })
  | IfStatement
  | ForStatement
  | (Span & { readonly kind: "set"; readonly target: Target; readonly value: ExpressionNode })
  | SetBlockStatement
  | MacroStatement
  | CallBlockStatement
  | FilterBlockStatement
  | WithStatement
  | RoleStatement
  | SpliceStatement
  | EscapedStatement;

export interface IfStatement extends Span {
  readonly kind: "if";
  readonly branches: readonly { readonly condition: ExpressionNode; readonly body: readonly Statement[] }[];
  readonly otherwise: readonly Statement[] | null;
}

export interface ForStatement extends Span {
  readonly kind: "for";
  readonly target: Target;
  readonly iterable: ExpressionNode;
  readonly condition: ExpressionNode | null;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[] | null;
}

/** `{% set name | filters %}…{% endset %}` */
export interface SetBlockStatement extends Span {
  readonly kind: "set-block";
  readonly target: NameNode;
  readonly filters: readonly FilterCall[];
  readonly body: readonly Statement[];
}

export interface MacroStatement extends Span {
  readonly kind: "macro";
  readonly name: NameNode;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
}

/** `{% call(parameters) macro(…) %}…{% endcall %}` */
export interface CallBlockStatement extends Span {
  readonly kind: "call-block";
  readonly parameters: readonly Parameter[];
  readonly call: CallNode;
  readonly body: readonly Statement[];
}

export interface FilterBlockStatement extends Span {
  readonly kind: "filter-block";
  readonly filters: readonly FilterCall[];
  readonly body: readonly Statement[];
}

export interface WithStatement extends Span {
  readonly kind: "with";
  readonly bindings: readonly { readonly target: Target; readonly value: ExpressionNode }[];
  readonly body: readonly Statement[];
}

export type Role = "system" | "user" | "assistant";

/** `user:` alone on a line: begins a message. `text` is the line, for a render to text. */
export interface RoleStatement extends Span {
  readonly kind: "role";
  readonly role: Role;
  readonly text: string;
}

/** `messages: =history` alone on a line: a list of messages in its place. */
export interface SpliceStatement extends Span {
  readonly kind: "splice";
  readonly expression: ExpressionNode;
  readonly text: string;
}

/** `\user:` alone on a line: the line without its backslash is text of the message. */
export interface EscapedStatement extends Span {
  readonly kind: "escaped";
  readonly content: string;
  readonly text: string;
}
