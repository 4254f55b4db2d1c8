import { calculate, negate } from "./arithmetic.ts";
import { compileAccess, compileName } from "./compile-access.ts";
import { compileNamed, excerpt, settled, type Compilation, type Evaluate } from "./compiler.ts";
import { contains, equal, isNumber, order } from "./compare.ts";
import { filters } from "./filters.ts";
import { Fault } from "./language-error.ts";
import { kindOf, skipped, type LanguageValue, type Result } from "./language-value.ts";
import { isTruthy } from "./lists.ts";
import { predicates } from "./predicates.ts";
import type { Frame, Runtime } from "./runtime.ts";
import { arrange, type Signature } from "./signature.ts";
import type {
  Arguments,
  ComparisonNode,
  ComparisonOperator,
  DictionaryNode,
  ExpressionNode,
  FilterCall,
  FilterNode,
  LogicalNode,
  SignNode,
  TestNode,
} from "./syntax.ts";
import { filterOperandTolerance, leftTolerance, testOperandTolerance, type Tolerance } from "./tolerance.ts";
import { textOf } from "./value-text.ts";

/** Makes an expression ready to be evaluated many times. */
export function compileExpression(node: ExpressionNode, tolerance: Tolerance, context: Compilation): Evaluate {
  const strict = (child: ExpressionNode) => context.compile(child, "strict");
  switch (node.kind) {
    case "literal": {
      const { value } = node;
      return () => value;
    }
    case "name":
      return compileName(node, tolerance, context);
    case "attribute":
    case "index":
    case "slice":
    case "call":
      return compileAccess(node, tolerance, context);
    case "list": {
      const items = node.items.map(strict);
      return (run, frame) => {
        run.spend(items.length);
        return items.map((item) => item(run, frame) as LanguageValue);
      };
    }
    case "dictionary":
      return dictionary(node, context);
    case "filter":
      return filter(node, tolerance, context);
    case "test":
      return test(node, context);
    case "not": {
      const operand = strict(node.operand);
      return (run, frame) => !isTruthy(operand(run, frame));
    }
    case "sign":
      return sign(node, context);
    case "arithmetic": {
      const left = strict(node.left);
      const right = strict(node.right);
      const { operator } = node;
      return (run, frame) => {
        const first = left(run, frame) as LanguageValue;
        const second = right(run, frame) as LanguageValue;
        run.site = node;
        run.spend(1);
        return calculate(operator, first, second, run);
      };
    }
    case "logical":
      return logical(node, tolerance, context);
    case "comparison":
      return comparison(node, context);
    case "conditional": {
      const condition = strict(node.condition);
      const then = context.compile(node.then, tolerance);
      if (node.otherwise === null) {
        // A text with a condition and no other one is meant to be nothing; `default` still replaces it.
        const nothing = tolerance === "optional" ? undefined : null;
        return (run, frame) => (isTruthy(condition(run, frame)) ? then(run, frame) : nothing);
      }
      const otherwise = context.compile(node.otherwise, tolerance);
      return (run, frame) => (isTruthy(condition(run, frame)) ? then(run, frame) : otherwise(run, frame));
    }
  }
}

function dictionary(node: DictionaryNode, context: Compilation): Evaluate {
  const entries = node.entries.map(({ key, value }) => ({
    site: key,
    key: context.compile(key, "strict"),
    value: context.compile(value, "strict"),
  }));
  return (run, frame) => {
    run.spend(entries.length);
    const record: { [key: string]: LanguageValue } = Object.create(null);
    for (const { site, key, value } of entries) {
      const name = key(run, frame);
      run.site = site;
      if (typeof name !== "string" && !isNumber(name))
        throw new Fault("language.type", `a key is a text or a number, not ${kindOf(name)}`);
      record[textOf(name, run)] = value(run, frame) as LanguageValue;
    }
    return record;
  };
}

function sign({ operator, operand: inner, ...site }: SignNode, context: Compilation): Evaluate {
  const operand = context.compile(inner, "strict");
  return (run, frame) => {
    const value = operand(run, frame);
    run.site = site;
    if (operator === "-") return negate(value);
    if (isNumber(value)) return value;
    throw new Fault("language.type", `\`+\` needs a number and got ${kindOf(value)}`);
  };
}

function logical(node: LogicalNode, tolerance: Tolerance, context: Compilation): Evaluate {
  const left = context.compile(node.left, leftTolerance(node, tolerance));
  const right = context.compile(node.right, tolerance);
  if (node.operator === "or")
    return (run, frame) => {
      const value = left(run, frame);
      return isTruthy(value) ? value : right(run, frame);
    };
  return (run, frame) => {
    const value = left(run, frame);
    return isTruthy(value) ? right(run, frame) : value;
  };
}

function comparison(node: ComparisonNode, context: Compilation): Evaluate {
  const first = context.compile(node.first, "strict");
  const rest = node.rest.map(({ operator, operand }) => ({ operator, operand: context.compile(operand, "strict") }));
  return (run, frame) => {
    let left = first(run, frame);
    for (const { operator, operand } of rest) {
      const right = operand(run, frame);
      run.site = node;
      run.spend(1);
      if (!holds(operator, left, right, run)) return false;
      left = right;
    }
    return true;
  };
}

function holds(operator: ComparisonOperator, left: Result, right: Result, run: Runtime): boolean {
  switch (operator) {
    case "==":
      return equal(left, right, run);
    case "!=":
      return !equal(left, right, run);
    case "in":
      return contains(right, left, run);
    case "not in":
      return !contains(right, left, run);
    default: {
      const difference = order(left, right, run);
      if (difference === null) return false;
      if (operator === "<") return difference < 0;
      if (operator === "<=") return difference <= 0;
      return operator === ">" ? difference > 0 : difference >= 0;
    }
  }
}

/** Arguments in the order of a signature, evaluated. */
function compileArguments(
  signature: Signature,
  call: Arguments,
  context: Compilation,
): (run: Runtime, frame: Frame) => Result[] {
  const named = call.named.map(({ name, value }) => ({ name, value }));
  const arranged = arrange<ExpressionNode>(signature, call.positional, named);
  const compiled = Array.from(arranged, (node) => (node === undefined ? undefined : context.compile(node, "strict")));
  if (compiled.length === 0) return () => [];
  return (run, frame) => compiled.map((argument) => argument?.(run, frame));
}

/** A filter as a function of its operand. */
export function compileFilterCall(
  call: FilterCall,
  context: Compilation,
): (input: Result, run: Runtime, frame: Frame) => Result {
  const signature = filters.get(call.name)!;
  const argument = compileArguments(signature, call, context);
  const named = compileNamed(signature.variadic === true ? call.named : [], context);
  return (input, run, frame) => {
    const values = argument(run, frame);
    const namedValues = named(run, frame);
    run.site = call;
    run.operate(input);
    return signature.apply(input as LanguageValue, values, run, namedValues);
  };
}

function filter(node: FilterNode, tolerance: Tolerance, context: Compilation): Evaluate {
  const operand = context.compile(node.operand, filterOperandTolerance(node));
  const apply = compileFilterCall(node.filter, context);
  const { name, positional } = node.filter;
  const missing = (input: Result): Fault => {
    const [attribute] = name === "attr" ? positional : [];
    const lacks = attribute === undefined ? `\`${name}\`` : excerpt(context.source, attribute);
    const isEmpty = attribute === undefined && !isTruthy(input);
    return new Fault(
      "language.undefined",
      `${excerpt(context.source, node.operand)} ${isEmpty ? "is empty and has" : "has"} no ${lacks}`,
      "`| default(…)` says what to take instead.",
    );
  };
  return (run, frame) => {
    const input = operand(run, frame);
    const value = apply(input, run, frame);
    if (value !== undefined && value !== skipped) return value;
    return settled(value, tolerance, run, node.filter, () => missing(input), "this");
  };
}

function test(node: TestNode, context: Compilation): Evaluate {
  const predicate = predicates.get(node.name)!;
  const operand = context.compile(node.operand, testOperandTolerance(node));
  const argument = compileArguments(predicate, node, context);
  const { negated } = node;
  return (run, frame) => {
    const value = operand(run, frame);
    const values = argument(run, frame);
    run.site = node;
    run.spend(1);
    return predicate.holds(value as LanguageValue, values, run) !== negated;
  };
}
