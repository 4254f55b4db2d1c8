import { decodeValue, exactInteger } from "#server/notebook/value-json.ts";
import type { Value } from "#server/notebook/value.ts";

/** The most characters of a text that a page has. */
export const shortLength = 500;

/** The most bytes of JSON text that a value of a page has. */
export const shortBytes = 4_000;

/** A value as a page has it, with the whole length of a text that is cut, else null. */
export interface ShortValue {
  readonly value: Value | null;
  readonly length: number | null;
}

/** A value of at most `shortBytes` in short: a text is cut to 500 characters. */
export function shortValue(json: string): ShortValue {
  const value = decodeValue(json);
  if (value.type !== "string" || value.value.length <= shortLength) return { value, length: null };
  const characters = [...value.value];
  if (characters.length <= shortLength) return { value, length: null };
  return { value: { type: "string", value: characters.slice(0, shortLength).join("") }, length: characters.length };
}

/**
 * A longer `Value`, as JSON text in the column `value`, in three columns that `longValue` reads: a text is cut to 500
 * characters, a score has no checks and a cut reason, a table no rows; of anything else there is the beginning of its JSON, as
 * a text.
 */
export const longValueSql = `json_extract_string(value, '/type'),
  cast(case json_extract_string(value, '/type')
    when 'score' then json_object('score', json_extract(value, '/value/score'), 'pass', json_extract(value, '/value/pass'),
      'reason', left(json_extract_string(value, '/value/reason'), ${shortLength}))
    when 'table' then json_object('columns', json_extract(value, '/value/columns'), 'rowCount', json_extract(value, '/value/rowCount'),
      'hash', json_extract(value, '/value/hash'))
    else to_json(left(json_extract_string(value, '/value'), ${shortLength})) end as VARCHAR),
  length(case json_extract_string(value, '/type') when 'score' then json_extract_string(value, '/value/reason')
    when 'table' then '' else json_extract_string(value, '/value') end)`;

export function longValue(type: string, json: string, length: number): ShortValue {
  const inner = JSON.parse(json, exactInteger) as never;
  const cut = length > shortLength ? length : null;
  if (type === "score") return { value: { type, value: inner }, length: cut };
  if (type === "table") return { value: { type, value: inner }, length: null };
  return { value: { type: "string", value: inner }, length: cut };
}
