import { notFinite } from "./not-finite.ts";

/** Anything `canonicalJson` can write: JSON with `bigint`, and `undefined` members, which it leaves out. */
export type CanonicalInput =
  | null
  | undefined
  | boolean
  | number
  | bigint
  | string
  | readonly CanonicalInput[]
  | { readonly [key: string]: CanonicalInput };

/**
 * The one text of a value: JSON with object keys sorted by UTF-16 code unit, no white space, members that are
 * `undefined` left out, and a `bigint` as its decimal digits. Equal values give equal text in every release.
 * Throws `value.not-finite` on a number that JSON cannot say (NaN, Infinity), because two of them must not share a key.
 */
export function canonicalJson(value: CanonicalInput): string {
  if (value === null || value === undefined) return "null";
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "boolean":
      return value ? "true" : "false";
    case "bigint":
      return value.toString();
    case "number":
      if (!Number.isFinite(value)) throw notFinite(value);
      return JSON.stringify(value);
    default:
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const record = value as { readonly [key: string]: CanonicalInput };
  let text = "";
  for (const key of sorted(Object.keys(record))) {
    const member = record[key];
    if (member !== undefined) text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}

/** Sorts keys by code unit in place. A few are sorted by insertion, without the working copies that `sort` makes for any number. */
function sorted(keys: string[]): readonly string[] {
  if (keys.length > 16) return keys.sort();
  for (let index = 1; index < keys.length; index += 1) {
    const key = keys[index]!;
    let place = index;
    for (; place > 0 && keys[place - 1]! > key; place -= 1) keys[place] = keys[place - 1]!;
    keys[place] = key;
  }
  return keys;
}
