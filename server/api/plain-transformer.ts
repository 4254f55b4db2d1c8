import { hasBigint } from "#server/notebook/has-bigint.ts";

/** Makes values JSON can say: an integer beyond 2^53 travels as its digits, which is how a page shows it. Everything else as it is. */
export const plainTransformer = {
  serialize: (value: unknown): unknown => (hasBigint(value) ? withDigits(value) : value),
  deserialize: (value: unknown): unknown => value,
};

function withDigits(value: unknown): unknown {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (Array.isArray(value)) return value.map(withDigits);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withDigits(member)]));
}
