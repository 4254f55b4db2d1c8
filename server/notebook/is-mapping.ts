import type { Datum } from "./value.ts";

/** True for a mapping, as YAML calls what JSON calls an object: neither null nor a list. */
export function isMapping(value: Datum | undefined): value is { readonly [key: string]: Datum };
export function isMapping(value: unknown): value is { readonly [key: string]: unknown };
export function isMapping(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
