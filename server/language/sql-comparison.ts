import { integerRanges, type SqlOperand } from "./sql-operand.ts";
import type { ComparisonOperator } from "./syntax.ts";

/** A value that is the same for every row. */
export type SqlConstant = null | boolean | number | bigint | string | readonly SqlConstant[];

/** One side of a comparison. */
export type Side = { readonly constant: SqlConstant } | SqlOperand;

/** What writing a comparison may use: places for values, and where to say that a row is in doubt. */
export interface SqlWriter {
  /** A value as a parameter, `$p0`. */
  parameter(value: string | readonly string[]): string;
  doubt(conditions: readonly string[]): void;
  /** Says that a text is read to its end. */
  reads(text: string): void;
}

/**
 * A comparison of which at least one side is a column, as SQL that is never null; null where SQL would not say exactly what
 * the evaluator says, or the evaluator may say that there is no answer.
 */
export function sqlComparison(left: Side, operator: ComparisonOperator, right: Side, writer: SqlWriter): string | null {
  switch (operator) {
    case "==":
      return equality(left, right, writer);
    case "!=":
      return negated(equality(left, right, writer));
    case "in":
      return membership(left, right, writer);
    case "not in":
      return negated(membership(left, right, writer));
    default:
      if (isConstant(left)) return isConstant(right) ? null : order(right, flipped[operator], left, writer);
      return order(left, operator, right, writer);
  }
}

type OrderOperator = "<" | "<=" | ">" | ">=";

const flipped = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" } as const;

function isConstant(side: Side): side is { readonly constant: SqlConstant } {
  return "constant" in side;
}

/** The opposite of a condition that is never null. */
export function negated(condition: string | null): string | null {
  return condition === null ? null : `(not ${condition})`;
}

/** One of several conditions that are never null. */
export function either(conditions: readonly string[]): string {
  return conditions.length === 0 ? "false" : joined(conditions, "or");
}

/** Conditions, each of which stands for itself, as one. */
export function joined(conditions: readonly string[], by: "and" | "or"): string {
  return conditions.length === 1 ? conditions[0]! : `(${conditions.join(` ${by} `)})`;
}

function equality(left: Side, right: Side, writer: SqlWriter): string | null {
  if (isConstant(left)) return isConstant(right) ? null : oneOf(right, [left.constant], writer);
  return isConstant(right) ? oneOf(left, [right.constant], writer) : sameColumns(left, right, writer);
}

/** Whether a column has one of some values. */
function oneOf(column: SqlOperand, values: readonly SqlConstant[], writer: SqlWriter): string | null {
  const conditions = values.includes(null) ? [`(${column.sql} is null)`] : [];
  const others = values.filter((value) => value !== null);
  if (others.length > 0) {
    if (column.kind === "opaque") return null;
    writer.doubt(column.doubts);
    if (column.kind === "lowered" && others.some((value) => typeof value === "string" && !isAscii(value))) return null;
    const texts = others.flatMap((value) => equalText(column, value) ?? []);
    const [first, ...more] = texts;
    if (first !== undefined) {
      const isOne =
        more.length === 0
          ? `= cast(${writer.parameter(first)} as ${column.type})`
          : `in (select unnest(cast(${writer.parameter(texts)} as ${column.type}[])))`;
      conditions.push(`(${column.sql} is not null and ${column.sql} ${isOne})`);
    }
  }
  return either(conditions);
}

/** A value as text that can be cast to a column's type; null where no row has it. */
function equalText({ kind, type }: SqlOperand, value: SqlConstant): string | null {
  switch (kind) {
    case "boolean":
      return typeof value === "boolean" ? String(value) : null;
    case "integer": {
      const whole = isNumber(value) && isWhole(value) ? BigInt(value) : null;
      const [least, greatest] = integerRanges.get(type)!;
      return whole !== null && whole >= least && whole <= greatest ? whole.toString() : null;
    }
    case "double":
      // JavaScript compares an integer and a double exactly.
      return isNumber(value) && Number(value) == value ? String(Number(value)) : null;
    case "text":
    case "lowered":
      return typeof value === "string" ? value : null;
    case "opaque":
      return null;
  }
}

function sameColumns(left: SqlOperand, right: SqlOperand, writer: SqlWriter): string | null {
  const kinds = [left.kind, right.kind];
  if (kinds.includes("opaque") || kinds.includes("lowered")) return null;
  writer.doubt([...left.doubts, ...right.doubts]);
  const [first, second] = comparable(left, right);
  if (first !== null) {
    if (left.kind === "text") for (const text of [first, second]) writer.reads(text);
    return `(${first} is not distinct from ${second})`;
  }
  // Whole numbers and doubles may be equal, and SQL would round the former.
  if (kinds.every((kind) => kind === "integer" || kind === "double")) return null;
  return `(${left.sql} is null and ${right.sql} is null)`;
}

/** Two columns of one kind as SQL compares them without loss; nulls where they are not. */
function comparable(left: SqlOperand, right: SqlOperand): readonly [string, string] | readonly [null, null] {
  if (left.kind !== right.kind) return [null, null];
  if (left.kind !== "integer") return [left.sql, right.sql];
  if (left.type === "UHUGEINT" || right.type === "UHUGEINT") return [null, null];
  return [`cast(${left.sql} as HUGEINT)`, `cast(${right.sql} as HUGEINT)`];
}

function order(column: SqlOperand, operator: OrderOperator, other: Side, writer: SqlWriter): string | null {
  if (!isConstant(other)) {
    const [first, second] = comparable(column, other);
    if (first === null || !["boolean", "integer", "double"].includes(column.kind)) return null;
    writer.doubt([...column.doubts, ...other.doubts]);
    return `(${first} is not null and ${second} is not null and ${first} ${operator} ${second})`;
  }
  const { constant } = other;
  if (constant === null) return "false";
  const bound = boundOf(column, operator, constant);
  if (bound === null) return null;
  writer.doubt(column.doubts);
  const { sql, type } = column;
  if (typeof bound === "boolean") return bound ? `(${sql} is not null)` : "false";
  return `(${sql} is not null and ${sql} ${bound.operator} cast(${writer.parameter(bound.text)} as ${type}))`;
}

/** With what a column is compared instead; a boolean where all values come out the same, null where SQL has another order or there is none. */
function boundOf(
  { kind, type }: SqlOperand,
  operator: OrderOperator,
  value: SqlConstant,
): { readonly operator: OrderOperator; readonly text: string } | boolean | null {
  switch (kind) {
    case "boolean":
      return typeof value === "boolean" ? { operator, text: String(value) } : null;
    case "integer": {
      if (!isNumber(value)) return null;
      const isUp = operator === "<" || operator === "<=";
      // Between two whole numbers, the next one below is as good as the value.
      const whole = isWhole(value) ? BigInt(value) : BigInt(Math.floor(Number(value)));
      const by: OrderOperator = isWhole(value) ? operator : isUp ? "<=" : ">";
      const [least, greatest] = integerRanges.get(type)!;
      if (whole > greatest) return isUp;
      if (whole < least) return !isUp;
      return { operator: by, text: whole.toString() };
    }
    case "double":
      return isNumber(value) && Number(value) == value ? { operator, text: String(Number(value)) } : null;
    case "text":
      // Code units and bytes have one order as long as no character of one side is beyond the surrogates.
      return typeof value === "string" && /^[\0-\ud7ff]*$/.test(value) ? { operator, text: value } : null;
    case "lowered":
    case "opaque":
      return null;
  }
}

function membership(item: Side, container: Side, writer: SqlWriter): string | null {
  if (isConstant(container)) {
    const { constant } = container;
    if (isConstant(item)) return null;
    if (constant === null) return "false";
    if (Array.isArray(constant)) return oneOf(item, constant, writer);
    if (typeof constant !== "string" || !isText(item)) return null;
    return has({ sql: writer.parameter(constant), constant }, item, writer);
  }
  if (!isText(container)) return null;
  writer.doubt(container.doubts);
  writer.reads(container.sql);
  if (!isConstant(item)) return isText(item) ? has(container, item, writer) : null;
  const { constant } = item;
  if (constant === null) return "false";
  return typeof constant === "string" ? has(container, { sql: writer.parameter(constant), constant }, writer) : null;
}

type Text = SqlOperand | { readonly sql: string; readonly constant: string };

function isText(side: SqlOperand): boolean {
  return side.kind === "text" || side.kind === "lowered";
}

/** Whether a text has another in it. */
function has(container: Text, part: Text, writer: SqlWriter): string | null {
  const sides = [container, part];
  const columns = sides.filter((side) => "kind" in side);
  // Lower case is known of ASCII alone.
  if (columns.some(({ kind }) => kind === "lowered"))
    if (!sides.some((side) => "constant" in side && isAscii(side.constant))) return null;
  for (const { doubts } of columns) writer.doubt(doubts);
  return `(${columns.map(({ sql }) => `${sql} is not null and `).join("")}contains(${container.sql}, ${part.sql}))`;
}

/** Whether a text begins or ends with one of some texts. Null has no such method. */
export function sqlAffix(
  side: "startswith" | "endswith",
  text: SqlOperand,
  parts: SqlConstant,
  writer: SqlWriter,
): string | null {
  const all = Array.isArray(parts) ? (parts as readonly SqlConstant[]) : [parts];
  if (text.kind !== "text" || !all.every((part) => typeof part === "string")) return null;
  writer.doubt([...text.doubts, `(${text.sql} is null)`]);
  writer.reads(text.sql);
  const name = { startswith: "starts_with", endswith: "ends_with" }[side];
  const conditions = all.map((part) => `${name}(${text.sql}, ${writer.parameter(part)})`);
  return `(${text.sql} is not null and ${either(conditions)})`;
}

function isNumber(value: SqlConstant): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

function isWhole(value: number | bigint): boolean {
  return typeof value === "bigint" || Number.isInteger(value);
}

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}
