import type { LanguageRecord } from "#server/language/index.ts";
import { coordinatesText } from "./address.ts";

/** The key under which what is read at these labels stands: `name{model=big,shots=5}`. Labels are spelled as they are declared. */
export function keyAt(keys: readonly string[], name: string, labels: LanguageRecord): string | undefined {
  const at = Object.fromEntries(Object.entries(labels).map(([axis, label]) => [axis, String(label)]));
  const key = `${name}${coordinatesText(at)}`;
  return keys.includes(key) ? key : undefined;
}
