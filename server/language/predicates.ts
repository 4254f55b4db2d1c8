import { contains, equal, isNumber, order } from "./compare.ts";
import { Fault } from "./language-error.ts";
import {
  HostFunction,
  isHost,
  isList,
  isRecord,
  kindOf,
  skipped,
  type LanguageValue,
  type Result,
} from "./language-value.ts";
import { calculate } from "./arithmetic.ts";
import type { Context, Predicate } from "./signature.ts";

/** The tests of `is`, by name. */
export const predicates: ReadonlyMap<string, Predicate> = new Map(
  [
    simple("defined", "Has a value and was not skipped.", (value) => value !== undefined && value !== skipped),
    simple("undefined", "Has no value, or was skipped.", (value) => value === undefined || value === skipped),
    simple("skipped", "Is the value of a skipped cell.", (value) => value === skipped),
    simple("none", "Is null.", (value) => value === null),
    simple("boolean", "Is true or false.", (value) => typeof value === "boolean"),
    simple("true", "Is true itself.", (value) => value === true),
    simple("false", "Is false itself.", (value) => value === false),
    simple("number", "Is a number.", isNumber),
    simple("integer", "Is a whole number.", isWhole),
    simple("float", "Is a number and not whole.", (value) => isNumber(value) && !isWhole(value)),
    simple("string", "Is a text.", (value) => typeof value === "string"),
    simple("mapping", "Is a mapping.", isRecord),
    simple("sequence", "Is a list, a text or a mapping.", (value) => isSequence(value) || isRecord(value)),
    simple("iterable", "Can stand in a `for`.", (value) => isSequence(value) || isRecord(value)),
    simple("callable", "Is a macro or function.", (value) => value instanceof HostFunction),
    simple("lower", "Is a text without upper case letters.", (value, meter) =>
      cased(value, meter, (text) => text.toLowerCase()),
    ),
    simple("upper", "Is a text without lower case letters.", (value, meter) =>
      cased(value, meter, (text) => text.toUpperCase()),
    ),
    simple("even", "Is a multiple of two.", (value, meter) => rest(value, 2, "even", meter) == 0),
    simple("odd", "Is whole and no multiple of two.", (value, meter) => rest(value, 2, "odd", meter) == 1),
    binary(
      "divisibleby",
      "num",
      "Is a multiple of it.",
      (value, by, meter) => rest(value, by, "divisibleby", meter) == 0,
    ),
    binary("in", "seq", "Is an element, key or part of it.", (value, other, meter) => contains(other, value, meter)),
    binary("sameas", "other", "Is of the same type and equal.", (value, other, meter) => equal(value, other, meter)),
    binary("eq", "other", "`==`", equal),
    binary("ne", "other", "`!=`", (value, other, meter) => !equal(value, other, meter)),
    binary("lt", "other", "`<`", (value, other, meter) => (order(value, other, meter) ?? Number.NaN) < 0),
    binary("le", "other", "`<=`", (value, other, meter) => (order(value, other, meter) ?? Number.NaN) <= 0),
    binary("gt", "other", "`>`", (value, other, meter) => (order(value, other, meter) ?? Number.NaN) > 0),
    binary("ge", "other", "`>=`", (value, other, meter) => (order(value, other, meter) ?? Number.NaN) >= 0),
  ].map((predicate) => [predicate.name, predicate]),
);

/** Other names of tests, as they stand in `is` and in `select('==', 1)`. */
export const predicateAliases: ReadonlyMap<string, string> = new Map([
  ["==", "eq"],
  ["equalto", "eq"],
  ["!=", "ne"],
  ["<", "lt"],
  ["lessthan", "lt"],
  ["<=", "le"],
  [">", "gt"],
  ["greaterthan", "gt"],
  [">=", "ge"],
]);

function simple(name: string, summary: string, holds: (value: Result, meter: Context) => boolean): Predicate {
  return { name, parameters: [], summary, holds: (value, _, meter) => holds(value, meter) };
}

function binary(
  name: string,
  parameter: string,
  summary: string,
  holds: (value: LanguageValue, other: LanguageValue, meter: Context) => boolean,
): Predicate {
  return { name, parameters: [parameter], summary, holds: (value, [other], meter) => holds(value, other!, meter) };
}

function isWhole(value: Result): boolean {
  return typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value));
}

function isSequence(value: Result): boolean {
  return typeof value === "string" || isList(value) || (isHost(value) && value.iterate !== undefined);
}

function cased(value: Result, meter: Context, convert: (text: string) => string): boolean {
  if (typeof value !== "string") return false;
  meter.spend(value.length >> 4);
  return convert(value) === value && value.toLowerCase() !== value.toUpperCase();
}

function rest(value: Result, by: LanguageValue, name: string, meter: Context): LanguageValue {
  if (isNumber(value) && isNumber(by)) return calculate("%", value, by, meter);
  throw new Fault("language.type", `\`${name}\` needs numbers and got ${kindOf(isNumber(value) ? by : value)}`);
}
