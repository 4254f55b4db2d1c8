import { notFinite } from "./not-finite.ts";
import type { Value } from "./value.ts";

/** The part of JSON that TypeScript's library does not describe yet. */
const exactJson = JSON as unknown as { rawJSON(text: string): unknown };

/**
 * A value as JSON text for a store: objects keep the order of their members, integers beyond 2^53 their digits. Throws a
 * `value.not-finite` on a number that JSON cannot say (NaN, Infinity).
 */
export function encodeValue(value: Value): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member === "bigint") return exactJson.rawJSON(member.toString());
    if (typeof member === "number" && !Number.isFinite(member)) throw notFinite(member);
    return member;
  });
}

/** The value that `encodeValue` wrote. */
export function decodeValue(text: string): Value {
  return parseExactJson(text) as Value;
}

/** What a text says in JSON, with all digits of whole numbers. Throws what `JSON.parse` throws. */
export function parseExactJson(text: string): unknown {
  // Fewer digits than that are exact as they are, and a reviver takes five times as long.
  return /\d{16}/.test(text) ? JSON.parse(text, exactInteger) : JSON.parse(text);
}

/** A reviver for `JSON.parse` that gives a `bigint` for an integer a `number` would round. */
export function exactInteger(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value) || context?.source === undefined) return value;
  return /^-?\d+$/.test(context.source) ? BigInt(context.source) : value;
}
