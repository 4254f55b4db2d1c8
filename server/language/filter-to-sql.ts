import { expressionPart } from "./expression-part.ts";
import type { Scope } from "./language-value.ts";
import { isTruthy } from "./lists.ts";
import { evaluate } from "./render.ts";
import {
  either,
  joined,
  negated,
  sqlAffix,
  sqlComparison,
  type Side,
  type SqlConstant,
  type SqlWriter,
} from "./sql-comparison.ts";
import { lowered, sqlOperands, type SqlColumn, type SqlOperand } from "./sql-operand.ts";
import type { ComparisonNode, ComparisonOperator, Expression, ExpressionNode, TestNode } from "./syntax.ts";

/** What of a filter DuckDB decides. */
export interface SqlFilter {
  /** A condition on a row, never null. It holds for every row for which the filter holds or fails with an error; where `rest` is null and no row is in doubt, for no other. */
  readonly sql: string;
  /** The values of its `$p0`, `$p1` …: nothing of them stands in the text. */
  readonly parameters: { readonly [name: string]: string | readonly string[] };
  /** A condition without parameters. Of a row for which it holds SQL does not know what the evaluator says, so that `sql` leaves it in. */
  readonly doubt: string | null;
  /** The terms SQL says nothing of; null where it decides all of the filter. Of a row that `sql` leaves in and that is not in doubt it says what the whole filter does. */
  readonly rest: Expression | null;
}

/**
 * Makes SQL of as many of the first terms of a filter, `a and b and …`, as DuckDB decides exactly as the evaluator does, with the
 * values the other names have in a scope; null where that is none. `item` is the name of the row. No such term ends with an error, and no
 * later one is asked about a row that an earlier one refuses: so that evaluating the whole filter on the rows that are left gives what
 * it gives on all rows, every error included.
 */
export function filterToSql(
  filter: Expression,
  item: string,
  columns: readonly SqlColumn[],
): (scope: Scope) => SqlFilter | null {
  const terms = termsOf(filter.root, "and");
  const operands = sqlOperands(columns);
  const parts = new Map<ExpressionNode, Expression>();
  const partOf = (node: ExpressionNode): Expression => {
    const part = parts.get(node) ?? expressionPart(filter.source, node);
    parts.set(node, part);
    return part;
  };
  return (scope) => {
    const writer = new FilterWriter(item, operands, partOf, scope);
    const said: Term[] = [];
    for (const node of terms) {
      const term = writer.term(node);
      if (term === null) break;
      said.push(term);
    }
    if (said.length === 0) return null;
    const sql = said.reduceRight<string | null>(
      (after, { sql, doubts }) => either([...doubts, after === null ? sql : `(${sql} and ${after})`]),
      null,
    )!;
    const doubts = [...new Set(said.flatMap((term) => term.doubts))];
    const left = terms.slice(said.length);
    return {
      sql,
      parameters: Object.fromEntries(writer.values.map((value, index) => [`p${index}`, value])),
      doubt: doubts.length === 0 ? null : either(doubts),
      rest: left.length === 0 ? null : expressionPart(filter.source, left.reduce(both)),
    };
  };
}

interface Term {
  readonly sql: string;
  readonly doubts: readonly string[];
}

/** The operands of a chain of one operator. */
function termsOf(node: ExpressionNode, operator: "and" | "or"): readonly ExpressionNode[] {
  const terms: ExpressionNode[] = [];
  const open = [node];
  for (let next = open.pop(); next !== undefined; next = open.pop())
    if (next.kind === "logical" && next.operator === operator) open.push(next.right, next.left);
    else terms.push(next);
  return terms;
}

function both(left: ExpressionNode, right: ExpressionNode): ExpressionNode {
  return { kind: "logical", operator: "and", left, right, start: left.start, end: right.end };
}

/** Steps the evaluator may take for what is left to SQL, at the most: of 1,000,000, so that none of it ends there. */
const mostSteps = 400_000;
/** Steps of a part that is the same for every row, and the length of its value. */
const constantSteps = 10_000;
/** A row with a text of more bytes than this is in doubt: the evaluator may find it too long. */
const longestText = 100_000;
/** DuckDB nests expressions a thousand deep. */
const mostConditions = 200;

/** Writes the terms of one filter with the values of one scope. */
class FilterWriter implements SqlWriter {
  readonly values: (string | readonly string[])[] = [];
  #doubts: string[] = [];
  #steps = 0;
  #conditions = 0;
  readonly #item: string;
  readonly #operands: ReadonlyMap<string, SqlOperand>;
  readonly #partOf: (node: ExpressionNode) => Expression;
  readonly #scope: Scope;

  constructor(
    item: string,
    operands: ReadonlyMap<string, SqlOperand>,
    partOf: (node: ExpressionNode) => Expression,
    scope: Scope,
  ) {
    this.#item = item;
    this.#operands = operands;
    this.#partOf = partOf;
    this.#scope = scope;
  }

  parameter(value: string | readonly string[]): string {
    this.values.push(value);
    return `$p${this.values.length - 1}`;
  }

  doubt(conditions: readonly string[]): void {
    this.#doubts.push(...conditions);
  }

  reads(text: string): void {
    // No filter or operator takes more steps on a text.
    this.#steps += longestText >> 2;
    this.doubt([`(${text} is not null and strlen(${text}) > ${longestText})`]);
  }

  /** A term of the filter, or null, with nothing left of it. */
  term(node: ExpressionNode): Term | null {
    const before = this.values.length;
    this.#doubts = [];
    const sql = this.#condition(node);
    if (sql !== null && this.#steps <= mostSteps && this.#conditions <= mostConditions)
      return { sql, doubts: [...new Set(this.#doubts)] };
    this.values.length = before;
    return null;
  }

  /** When a part counts as true. */
  #condition(node: ExpressionNode): string | null {
    this.#conditions += 1;
    this.#steps += 2;
    const constant = this.#constant(node);
    if (constant !== undefined) return isTruthy(constant) ? "true" : "false";
    switch (node.kind) {
      case "logical": {
        const conditions = termsOf(node, node.operator).map((term) => this.#condition(term));
        return conditions.includes(null) ? null : joined(conditions as string[], node.operator);
      }
      case "not":
        return negated(this.#condition(node.operand));
      case "comparison":
        return this.#comparison(node);
      case "test":
        return this.#test(node);
      case "call":
        return this.#affix(node);
      case "attribute":
      case "index":
        return this.#column(node)?.truth ?? null;
      default:
        return null;
    }
  }

  #comparison({ first, rest }: ComparisonNode): string | null {
    const conditions: (string | null)[] = [];
    let left = first;
    for (const { operator, operand } of rest) {
      conditions.push(this.#compare(left, operator, operand));
      left = operand;
    }
    return conditions.includes(null) ? null : joined(conditions as string[], "and");
  }

  #compare(first: ExpressionNode, operator: ComparisonOperator, second: ExpressionNode): string | null {
    this.#conditions += 1;
    this.#steps += 1;
    const [left, right] = [this.#side(first), this.#side(second)];
    if (left === null) return null;
    if (right !== null) return sqlComparison(left, operator, right, this);
    if (second.kind !== "list" || (operator !== "in" && operator !== "not in")) return null;
    const conditions = second.items.map((element) => this.#compare(first, "==", element));
    const isOne = conditions.includes(null) ? null : either(conditions as string[]);
    return operator === "in" ? isOne : negated(isOne);
  }

  #test({ operand, name, negated: isNot, positional, named }: TestNode): string | null {
    const operator = operatorOf.get(name);
    let condition: string | null = null;
    if (operator !== undefined) {
      const [other] = positional;
      if (other !== undefined && named.length === 0) condition = this.#compare(operand, operator, other);
    } else if (literals.has(name)) {
      const column = this.#column(operand);
      const other = { constant: literals.get(name)! };
      condition = column === null ? null : sqlComparison(column, "==", other, this);
    }
    return isNot ? negated(condition) : condition;
  }

  #affix(node: ExpressionNode): string | null {
    if (node.kind !== "call" || node.callee.kind !== "attribute") return null;
    const { callee, positional, named } = node;
    const [part] = positional;
    const { name } = callee;
    if ((name !== "startswith" && name !== "endswith") || positional.length !== 1 || named.length > 0) return null;
    const text = this.#column(callee.object);
    const parts = this.#constant(part!);
    if (text === null || parts === undefined) return null;
    return sqlAffix(name, text, parts, this);
  }

  #side(node: ExpressionNode): Side | null {
    const constant = this.#constant(node);
    return constant === undefined ? (this.#column(node) ?? this.#lowered(node)) : { constant };
  }

  /** `item.name`, `item["the name"]` */
  #column(node: ExpressionNode): SqlOperand | null {
    if (node.kind !== "attribute" && node.kind !== "index") return null;
    const { object } = node;
    if (object.kind !== "name" || object.name !== this.#item) return null;
    const name = node.kind === "attribute" ? node.name : node.index.kind === "literal" ? node.index.value : null;
    return typeof name === "string" ? (this.#operands.get(name) ?? null) : null;
  }

  /** `item.name | lower`, `item.name.lower()` */
  #lowered(node: ExpressionNode): SqlOperand | null {
    const isMethod = node.kind === "call" && node.callee.kind === "attribute" && node.callee.name === "lower";
    if (!isMethod && !(node.kind === "filter" && node.filter.name === "lower")) return null;
    const { positional, named } = node.kind === "call" ? node : node.filter;
    const text = this.#column(
      node.kind === "filter" ? node.operand : (node.callee as { object: ExpressionNode }).object,
    );
    if (text?.kind !== "text" || positional.length + named.length > 0) return null;
    const operand = lowered(text, isMethod ? "fault" : "empty");
    this.reads(text.sql);
    this.doubt(operand.doubts);
    return operand;
  }

  /** The value of a part that reads no row and ends without an error; undefined for any other, and for values SQL has no like of. */
  #constant(node: ExpressionNode): SqlConstant | undefined {
    if (node.kind === "literal") return this.#plain(node.value);
    const part = this.#partOf(node);
    if (part.analysis.names.includes(this.#item)) return undefined;
    this.#steps += constantSteps;
    try {
      return this.#plain(evaluate(part, this.#scope, { steps: constantSteps }));
    } catch {
      // The evaluator meets it at a row, or at none.
      return undefined;
    }
  }

  #plain(value: unknown): SqlConstant | undefined {
    this.#steps += 1;
    switch (typeof value) {
      case "boolean":
      case "bigint":
        return value;
      case "number":
        return Number.isFinite(value) ? value : undefined;
      case "string":
        this.#steps += value.length >> 4;
        // What has no UTF-8 would become another text on its way.
        return value.length <= constantSteps && value.isWellFormed() ? value : undefined;
      default: {
        if (value === null) return null;
        if (!Array.isArray(value) || value.length > constantSteps) return undefined;
        const items = value.map((item) => (Array.isArray(item) ? undefined : this.#plain(item)));
        return items.includes(undefined) ? undefined : (items as SqlConstant[]);
      }
    }
  }
}

/** The tests that compare. */
const operatorOf: ReadonlyMap<string, ComparisonOperator> = new Map([
  ["eq", "=="],
  ["sameas", "=="],
  ["ne", "!="],
  ["lt", "<"],
  ["le", "<="],
  ["gt", ">"],
  ["ge", ">="],
  ["in", "in"],
]);

/** The tests for one value. */
const literals: ReadonlyMap<string, null | boolean> = new Map([
  ["none", null],
  ["true", true],
  ["false", false],
]);
