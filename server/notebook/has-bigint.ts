/** Whether a value has an integer beyond 2^53 in it, or what else is a `bigint`. */
export function hasBigint(value: unknown): boolean {
  if (typeof value === "bigint") return true;
  if (typeof value !== "object" || value === null) return false;
  for (const key in value) if (hasBigint((value as { readonly [key: string]: unknown })[key])) return true;
  return false;
}
