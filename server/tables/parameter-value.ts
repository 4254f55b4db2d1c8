import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  HUGEINT,
  LIST,
  SQLNULL,
  STRUCT,
  VARCHAR,
  listValue,
  structValue,
  type DuckDBType,
  type DuckDBValue,
} from "@duckdb/node-api";
import type { Datum } from "#server/notebook/value.ts";
import { jsonText } from "./datum-text.ts";
import { wellFormedJson } from "./well-formed-json.ts";

/** A value of `$name` as DuckDB takes it. */
export interface BoundValue {
  readonly value: DuckDBValue;
  readonly type: DuckDBType;
}

/**
 * Data as a typed parameter: whole numbers are `BIGINT` (`HUGEINT` beyond 64 bits), others `DOUBLE`, a list whose items have one
 * type is a `LIST`, an object a `STRUCT`. A list of mixed items, and an object whose keys SQL does not tell apart, is JSON text; cast it with `$name::json`.
 */
export function parameterValue(datum: Datum): BoundValue {
  if (datum === null) return { value: null, type: SQLNULL };
  switch (typeof datum) {
    case "boolean":
      return { value: datum, type: BOOLEAN };
    case "string":
      return { value: datum, type: VARCHAR };
    case "number":
      return Number.isSafeInteger(datum) ? { value: BigInt(datum), type: BIGINT } : { value: datum, type: DOUBLE };
    case "bigint":
      if (BigInt.asIntN(64, datum) === datum) return { value: datum, type: BIGINT };
      return BigInt.asIntN(128, datum) === datum
        ? { value: datum, type: HUGEINT }
        : { value: datum.toString(), type: VARCHAR };
    default:
      return isList(datum) ? listParameter(datum) : structParameter(datum);
  }
}

function listParameter(items: readonly Datum[]): BoundValue {
  const bound = items.map(parameterValue);
  const types = [...new Map(bound.map(({ type }) => [type.toString(), type])).values()].filter(
    (type) => type !== SQLNULL,
  );
  if (types.length > 1 && types.every((type) => type === BIGINT || type === DOUBLE)) {
    const numbers = items.map((item) => (item === null ? null : Number(item)));
    return { value: listValue(numbers), type: LIST(DOUBLE) };
  }
  if (types.length > 1) return { value: wellFormedJson(jsonText(items)), type: VARCHAR };
  return { value: listValue(bound.map(({ value }) => value)), type: LIST(types[0] ?? VARCHAR) };
}

function structParameter(record: { readonly [key: string]: Datum }): BoundValue {
  const members = Object.entries(record).map(([key, member]) => [key, parameterValue(member)] as const);
  const names = new Set(members.map(([key]) => key.toLowerCase()));
  // A struct has at least one member, and each has a name that SQL tells from the others.
  if (members.length === 0 || names.size < members.length || names.has(""))
    return { value: wellFormedJson(jsonText(record)), type: VARCHAR };
  return {
    value: structValue(Object.fromEntries(members.map(([key, { value }]) => [key, value]))),
    type: STRUCT(Object.fromEntries(members.map(([key, { type }]) => [key, type]))),
  };
}

function isList(datum: Datum): datum is readonly Datum[] {
  return Array.isArray(datum);
}
