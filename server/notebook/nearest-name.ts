import { nearestName as nearest } from "#server/language/nearest-name.ts";

/** The name most like `name`, if one is near enough to be meant; null otherwise. */
export function nearestName(name: string, names: Iterable<string>): string | null {
  return nearest(name, names) ?? null;
}
