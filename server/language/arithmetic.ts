import { isNumber } from "./compare.ts";
import { Fault } from "./language-error.ts";
import { isList, kindOf, skipped, type LanguageValue, type Result } from "./language-value.ts";
import type { Meter } from "./meter.ts";
import type { ArithmeticOperator } from "./syntax.ts";
import { skippedFault, textOf } from "./value-text.ts";

/** Bits of the largest integer: about 10,000 digits. */
const longestInteger = 33_220;

/** `left operator right`. Integers are exact at any size, `//` rounds down and `%` has the sign of its right side, as in Python. */
export function calculate(
  operator: ArithmeticOperator,
  left: LanguageValue,
  right: LanguageValue,
  meter: Meter,
): LanguageValue {
  if (operator === "~") return meter.fit(textOf(left, meter) + textOf(right, meter));
  if (isNumber(left) && isNumber(right)) return number(operator, left, right, meter);
  if (operator === "+") {
    if (typeof left === "string" && typeof right === "string") return meter.fit(left + right);
    if (isList(left) && isList(right)) {
      meter.spend(left.length + right.length);
      return [...left, ...right];
    }
  }
  if (operator === "*") {
    if (isNumber(right) && (typeof left === "string" || isList(left))) return repeat(left, right, meter);
    if (isNumber(left) && (typeof right === "string" || isList(right))) return repeat(right, left, meter);
  }
  if (left === skipped || right === skipped) throw skippedFault();
  throw new Fault(
    "language.type",
    `\`${operator}\` does not go with ${kindOf(left)} and ${kindOf(right)}`,
    operator === "+" && (typeof left === "string" || typeof right === "string")
      ? "`~` joins anything as text; `| int` and `| float` make a number of a text."
      : undefined,
  );
}

/** `-value` */
export function negate(value: Result): number | bigint {
  if (typeof value === "bigint") return normal(-value);
  if (typeof value === "number") return 0 - value;
  throw value === skipped
    ? skippedFault()
    : new Fault("language.type", `\`-\` needs a number and got ${kindOf(value)}`);
}

function number(
  operator: Exclude<ArithmeticOperator, "~">,
  left: number | bigint,
  right: number | bigint,
  meter: Meter,
): number | bigint {
  const whole = isWhole(left) && isWhole(right);
  if (right == 0 && (operator === "/" || operator === "//" || operator === "%"))
    throw new Fault("language.value", "this divides by zero", "Guard it: `a / b if b else 0`.");
  if (typeof left === "number" && typeof right === "number") {
    const result = float(operator, left, right);
    // Exact where nothing left the integers a number holds exactly.
    const exact = operator === "/" || (operator === "**" && right < 0) || Number.isSafeInteger(result);
    if (!whole || exact) return finite(result);
  }
  if (!whole) return finite(float(operator, Number(left), Number(right)));
  return integer(operator, BigInt(left), BigInt(right), meter);
}

function float(operator: Exclude<ArithmeticOperator, "~">, left: number, right: number): number {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
    case "//":
      return floorQuotient(left, right);
    case "%":
      return modulo(left, right);
    case "**":
      return left ** right;
  }
}

/** In CPython's steps, so that it is the same number also where a step is rounded. */
function floorQuotient(left: number, right: number): number {
  const rest = left % right;
  const quotient = (left - rest) / right - (modulo(left, right) === rest ? 0 : 1);
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

function modulo(left: number, right: number): number {
  const rest = left % right;
  return rest !== 0 && rest < 0 !== right < 0 ? rest + right : rest;
}

function integer(
  operator: Exclude<ArithmeticOperator, "~">,
  left: bigint,
  right: bigint,
  meter: Meter,
): number | bigint {
  const size = bits(left) + bits(right);
  meter.spend(Math.ceil(size / 8));
  switch (operator) {
    case "+":
      return normal(left + right);
    case "-":
      return normal(left - right);
    case "*":
      bounded(size);
      return normal(left * right);
    case "/":
      return left % right === 0n ? normal(left / right) : finite(Number(left) / Number(right));
    case "//":
      return normal((left - floorRest(left, right)) / right);
    case "%":
      return normal(floorRest(left, right));
    case "**":
      if (right < 0n) return finite(Number(left) ** Number(right));
      bounded(bits(left) * Number(right));
      meter.spend(Math.ceil(bits(left) * Number(right)));
      return normal(left ** right);
  }
}

function floorRest(left: bigint, right: bigint): bigint {
  const rest = left % right;
  return rest !== 0n && rest < 0n !== right < 0n ? rest + right : rest;
}

/** True for an integer that is held exactly. */
function isWhole(value: number | bigint): boolean {
  return typeof value === "bigint" || Number.isSafeInteger(value);
}

/** About how many bits an integer has; zero and one have none to multiply. */
function bits(value: bigint): number {
  if (value >= -1n && value <= 1n) return 0;
  const size = Math.abs(Number(value));
  return Number.isFinite(size) ? Math.log2(size) : value.toString(16).length * 4;
}

/** An integer by its decimal digits, which are as many as an integer may have. */
export function writtenInteger(digits: string): bigint {
  bounded(digits.length * Math.log2(10));
  return BigInt(digits);
}

function bounded(bitCount: number): void {
  if (!(bitCount <= longestInteger))
    throw new Fault(
      "language.limit",
      "this is an integer of more than 10,000 digits",
      "Make one of the numbers smaller.",
    );
}

/** The one form of an integer: a number where that is exact, otherwise a `bigint`. */
export function normal(value: bigint): number | bigint {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

/** The number, unless it is one that JSON cannot hold; there is no zero below zero. */
export function finite(value: number): number {
  if (Number.isFinite(value)) return value === 0 ? 0 : value;
  throw new Fault("language.value", "the result is no number that can be computed with");
}

function repeat(value: string | readonly LanguageValue[], times: number | bigint, meter: Meter): LanguageValue {
  if (!isWhole(times)) throw new Fault("language.type", "`*` repeats a text or list a whole number of times");
  const count = Math.max(0, Number(times));
  if (typeof value === "string") {
    meter.room(value.length * count);
    return value === "" ? "" : value.repeat(count);
  }
  if (value.length === 0) return value;
  meter.spend(value.length * count);
  return Array.from({ length: count }, () => value).flat();
}
