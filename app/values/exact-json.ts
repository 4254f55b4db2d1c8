import type { Datum } from "#server/notebook/value.ts";
import { exactInteger } from "#server/notebook/value-json.ts";

/** What a text says in JSON; undefined where it is none, and where a whole number in it would be rounded. */
export function exactJson(text: string): Datum | undefined {
  let isExact = true;
  const check = (key: string, value: unknown, context?: { readonly source?: string }): unknown => {
    isExact &&= typeof exactInteger(key, value, context) !== "bigint";
    return value;
  };
  try {
    const value = JSON.parse(text, check) as Datum;
    return isExact ? value : undefined;
  } catch {
    return undefined;
  }
}
