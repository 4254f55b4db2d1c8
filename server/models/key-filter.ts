import type { CallEnd } from "#server/store/journal.ts";
import { redacted } from "./provider-error.ts";

/** Gives what a provider said without the keys it was asked with: texts and names at any depth; itself where none has one. */
export type KeyFilter = <Said>(said: Said) => Said;

export function createKeyFilter(keys: readonly string[]): KeyFilter {
  // As short a text as `redacted` leaves is in any words.
  const secrets = keys.filter(({ length }) => length >= 4);
  const isIn = (text: string): boolean => secrets.some((secret) => text.includes(secret)) || cleanEnd(text) !== text;
  const has = (value: unknown): boolean => {
    if (typeof value === "string") return isIn(value);
    if (typeof value !== "object" || value === null) return false;
    if (Array.isArray(value)) return value.some(has);
    for (const name of Object.keys(value))
      if (isIn(name) || has((value as { readonly [name: string]: unknown })[name])) return true;
    return false;
  };
  const clean = (value: unknown): unknown => {
    if (typeof value === "string") return cleanEnd(redacted(value, { secrets }, Number.POSITIVE_INFINITY));
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(clean);
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [clean(name), clean(member)]));
  };
  return (said) => (has(said) ? (clean(said) as typeof said) : said);

  /** Without the beginning of a key that stands where a text was cut. */
  function cleanEnd(text: string): string {
    if (!text.endsWith(" characters")) return text;
    const [mark] = /… of \d+ characters$/.exec(text) ?? [];
    if (mark === undefined) return text;
    const kept = text.slice(0, -mark.length);
    const begun = secrets.flatMap((secret) =>
      Array.from({ length: secret.length - 4 }, (_, less) => secret.slice(0, secret.length - 1 - less)),
    );
    const begins = begun.find((beginning) => kept.endsWith(beginning));
    return begins === undefined ? text : `${kept.slice(0, -begins.length)}[key]${mark}`;
  }
}

/** The end of a call without keys in what its provider said; what the model thought and answered is its own. */
export function endWithoutKeys(end: CallEnd, filters: readonly (KeyFilter | undefined)[]): CallEnd {
  const { text, reasoning, ...given } = end;
  const said = filters.reduce((before, filter) => filter?.(before) ?? before, given);
  return said === given ? end : { ...said, text, ...(reasoning === undefined ? {} : { reasoning }) };
}
