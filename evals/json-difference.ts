import { isMapping } from "#server/notebook/is-mapping.ts";
import { exactInteger } from "#server/notebook/value-json.ts";
import type { Datum } from "#server/notebook/value.ts";
import { quote } from "./words.ts";

/** Parses JSON, with integers beyond 2^53 exactly as a `bigint`. Throws a `SyntaxError`. */
export function parseJson(text: string): Datum {
  return JSON.parse(text, exactInteger) as Datum;
}

/** How JSON is compared. */
export interface JsonComparison {
  /** The output may have members the expected has not. */
  readonly subset?: boolean | undefined;
  /** Texts are equal whatever their case; names of members are not. */
  readonly ignoreCase?: boolean | undefined;
}

/**
 * Where two data differ, in words with the path: `.items[0].price is 3 instead of 4`. The order of keys does not
 * matter, numbers are compared by value.
 */
export function jsonDifferences(output: Datum, expected: Datum, how: JsonComparison, path = ""): string[] {
  if (isList(output) && isList(expected)) {
    const differences = expected.flatMap((item, index) =>
      index < output.length ? jsonDifferences(output[index]!, item, how, `${path}[${index}]`) : [],
    );
    if (output.length !== expected.length)
      differences.push(`${path || "the list"} has ${output.length} items instead of ${expected.length}`);
    return differences;
  }
  if (isMapping(output) && isMapping(expected)) {
    const differences = Object.keys(expected).flatMap((key) =>
      Object.hasOwn(output, key)
        ? jsonDifferences(output[key]!, expected[key]!, how, member(path, key))
        : [`${member(path, key)} is missing`],
    );
    if (how.subset === true) return differences;
    const unexpected = Object.keys(output).filter((key) => !Object.hasOwn(expected, key));
    return [...differences, ...unexpected.map((key) => `${member(path, key)} is unexpected`)];
  }
  return isEqualScalar(output, expected, how)
    ? []
    : [`${path || "it"} is ${quote(output)} instead of ${quote(expected)}`];
}

function isEqualScalar(output: Datum, expected: Datum, { ignoreCase }: JsonComparison): boolean {
  if (ignoreCase === true && typeof output === "string" && typeof expected === "string")
    return output.toLowerCase() === expected.toLowerCase();
  if (!isNumber(output) || !isNumber(expected) || typeof output === typeof expected) return output === expected;
  // A double stands for every integer that rounds to it.
  return Number(output) === Number(expected);
}

function isNumber(datum: Datum): datum is number | bigint {
  return typeof datum === "number" || typeof datum === "bigint";
}

function isList(datum: Datum): datum is readonly Datum[] {
  return Array.isArray(datum);
}

function member(path: string, key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}
