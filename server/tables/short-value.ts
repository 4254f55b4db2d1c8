import { decodeValue, exactInteger } from "#server/notebook/value-json.ts";
import type { Datum, Value } from "#server/notebook/value.ts";

/** The most characters of a text that a page has. */
export const shortLength = 500;

/** The most bytes of JSON text that a value of a page has. */
export const shortBytes = 4_000;

/** A value as a page has it, with the whole length of a text that is cut, else null. */
export interface ShortValue {
  readonly value: Value | null;
  readonly length: number | null;
  /** Of an object of which there is only the beginning, the first hundred fields, long ones cut to 500 characters. */
  readonly fields?: { readonly [name: string]: Datum };
}

const mostFields = 100;

/** A value of at most `shortBytes` in short: a text is cut to 500 characters. */
export function shortValue(json: string): ShortValue {
  const value = decodeValue(json);
  if (value.type !== "string" || value.value.length <= shortLength) return { value, length: null };
  const characters = [...value.value];
  if (characters.length <= shortLength) return { value, length: null };
  return { value: { type: "string", value: characters.slice(0, shortLength).join("") }, length: characters.length };
}

/**
 * A longer `Value`, as JSON text in the column `value`, in four columns that `longValue` reads: a text is cut to 500
 * characters, a score has no checks and a cut reason, a table no rows; of anything else there is the beginning of its JSON, as
 * a text, and of an object its fields as well.
 */
export const longValueSql = `json_extract_string(value, '/type'),
  cast(case json_extract_string(value, '/type')
    when 'score' then json_object('score', json_extract(value, '/value/score'), 'pass', json_extract(value, '/value/pass'),
      'reason', left(json_extract_string(value, '/value/reason'), ${shortLength}))
    when 'table' then json_object('columns', json_extract(value, '/value/columns'), 'rowCount', json_extract(value, '/value/rowCount'),
      'hash', json_extract(value, '/value/hash'))
    else to_json(left(json_extract_string(value, '/value'), ${shortLength})) end as VARCHAR),
  length(case json_extract_string(value, '/type') when 'score' then json_extract_string(value, '/value/reason')
    when 'table' then '' else json_extract_string(value, '/value') end),
  case when json_extract_string(value, '/type') = 'json' and json_type(value, '/value') = 'OBJECT'
    then cast(to_json(list_transform(
      list_slice(map_entries(try_cast(json_extract(value, '/value') as MAP(VARCHAR, JSON))), 1, ${mostFields}),
      lambda field: [to_json(field.key), case
        when json_type(field.value) = 'VARCHAR' then to_json(left(json_extract_string(field.value, '$'), ${shortLength}))
        when length(cast(field.value as VARCHAR)) <= ${shortLength} then field.value
        else to_json(left(cast(field.value as VARCHAR), ${shortLength})) end])) as VARCHAR) end`;

export function longValue(type: string, json: string, length: number, fields: string | null): ShortValue {
  const inner = JSON.parse(json, exactInteger) as never;
  const cut = length > shortLength ? length : null;
  if (type === "score") return { value: { type, value: inner }, length: cut };
  if (type === "table") return { value: { type, value: inner }, length: null };
  const entries = fields === null ? null : (JSON.parse(fields, exactInteger) as [string, Datum][]);
  return {
    value: { type: "string", value: inner },
    length: cut,
    ...(entries === null ? {} : { fields: Object.fromEntries(entries) }),
  };
}
