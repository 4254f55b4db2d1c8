import type { Datum } from "#server/notebook/value.ts";

/** What a reviver is told of a number's own text, which the library's types do not know yet. */
type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown;

const exactly: Reviver = (_key, value, context) =>
  typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? "")
    ? BigInt(context!.source!)
    : value;

/** JSON as data, with integers beyond 2^53 exact as `bigint`. Throws the `SyntaxError` of `JSON.parse`. */
export function parseJson(text: string): Datum {
  // The reviver is called for every value, so it is used only where a number may be too long for a double.
  return /\d{16}/.test(text) ? JSON.parse(text, exactly) : JSON.parse(text);
}
