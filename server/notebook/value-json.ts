import { canonicalJson, type CanonicalInput } from "./canonical-json.ts";
import type { Value } from "./value.ts";

/** A value as JSON text for a store; integers beyond 2^53 keep their digits. */
export function encodeValue(value: Value): string {
  return canonicalJson(value as unknown as CanonicalInput);
}

/** The value that `encodeValue` wrote. */
export function decodeValue(text: string): Value {
  return JSON.parse(text, exactInteger) as Value;
}

/** A reviver for `JSON.parse` that gives a `bigint` for an integer a `number` would round. */
export function exactInteger(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value) || context?.source === undefined) return value;
  return /^-?\d+$/.test(context.source) ? BigInt(context.source) : value;
}
