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
 * Throws a `TypeError` on a number that JSON cannot say (NaN, Infinity), because two of them must not share a key.
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
      if (!Number.isFinite(value)) throw new TypeError(`canonical JSON has no number ${value}`);
      return JSON.stringify(value);
    default:
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const record = value as { readonly [key: string]: CanonicalInput };
  let text = "";
  for (const key of Object.keys(record).sort()) {
    const member = record[key];
    if (member !== undefined) text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}
