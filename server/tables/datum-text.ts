import { DuckDBListType, DuckDBMapType, DuckDBStructType, DuckDBTypeId, type DuckDBType } from "@duckdb/node-api";
import { quoted } from "./duckdb-session.ts";
import { isMapping } from "#server/notebook/is-mapping.ts";
import type { Datum } from "#server/notebook/value.ts";
import { wellFormedJson } from "./well-formed-json.ts";

/**
 * How data becomes text that DuckDB casts to a kept type: the inverse of `datumReader`. Scalars are their own text; for
 * lists, structs and maps it is JSON in which every scalar is text, so that no number passes through a double.
 */
export function datumWriter(type: DuckDBType): (datum: Datum) => string | null {
  if (type.alias === "JSON") return (datum) => (datum === null ? null : wellFormedJson(jsonText(datum)));
  switch (type.typeId) {
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.STRUCT:
    case DuckDBTypeId.MAP:
      return (datum) => (datum === null ? null : wellFormedJson(nestedText(datum, type)));
    default:
      return (datum) => (datum === null ? null : scalarText(datum));
  }
}

/** The expression that turns such text into the type. */
export function castFromText(expression: string, type: DuckDBType, sql: string): string {
  if (type.alias === "JSON") return `cast(${expression} as JSON)`;
  switch (type.typeId) {
    case DuckDBTypeId.VARCHAR:
      return expression;
    case DuckDBTypeId.BLOB:
      return `from_base64(${expression})`;
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.STRUCT:
    case DuckDBTypeId.MAP:
      return `cast(cast(cast(${expression} as JSON) as ${textLeaves(type)}) as ${sql})`;
    default:
      return `cast(${expression} as ${sql})`;
  }
}

/** A nested type with text in place of every scalar: from there each is cast as a scalar alone would be. */
function textLeaves(type: DuckDBType): string {
  if (type.alias === "JSON") return "JSON";
  if (type instanceof DuckDBListType) return `${textLeaves(type.valueType)}[]`;
  if (type instanceof DuckDBMapType) return `MAP(VARCHAR, ${textLeaves(type.valueType)})`;
  if (type instanceof DuckDBStructType) {
    const members = type.entryNames.map((name, index) => `${quoted(name)} ${textLeaves(type.entryTypes[index]!)}`);
    return `STRUCT(${members.join(", ")})`;
  }
  return "VARCHAR";
}

function nestedText(datum: Datum, type: DuckDBType): string {
  if (datum === null) return "null";
  if (type.alias === "JSON") return jsonText(datum);
  if (type instanceof DuckDBListType && isList(datum))
    return `[${datum.map((item) => nestedText(item, type.valueType)).join(",")}]`;
  if (type instanceof DuckDBStructType && isMapping(datum))
    return recordText(type.entryNames.map((name, index) => [name, datum[name] ?? null, type.entryTypes[index]!]));
  if (type instanceof DuckDBMapType && isMapping(datum))
    return recordText(Object.entries(datum).map(([key, value]) => [key, value, type.valueType]));
  if (type.typeId === DuckDBTypeId.BLOB) return JSON.stringify(escapedBytes(Buffer.from(scalarText(datum), "base64")));
  return JSON.stringify(scalarText(datum));
}

function recordText(members: readonly (readonly [string, Datum, DuckDBType])[]): string {
  return `{${members.map(([name, value, type]) => `${JSON.stringify(name)}:${nestedText(value, type)}`).join(",")}}`;
}

function scalarText(datum: Datum): string {
  return typeof datum === "string" ? datum : typeof datum === "object" ? jsonText(datum) : String(datum);
}

/** JSON text with `bigint` as its digits, and numbers JSON cannot say as text. */
export function jsonText(datum: Datum): string {
  if (typeof datum === "bigint") return datum.toString();
  if (typeof datum === "number" && !Number.isFinite(datum)) return JSON.stringify(String(datum));
  if (isList(datum)) return `[${datum.map(jsonText).join(",")}]`;
  if (isMapping(datum))
    return `{${Object.entries(datum)
      .map(([key, value]) => `${JSON.stringify(key)}:${jsonText(value)}`)
      .join(",")}}`;
  return JSON.stringify(datum);
}

function escapedBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, "0").toUpperCase()}`).join("");
}

function isList(datum: Datum): datum is readonly Datum[] {
  return Array.isArray(datum);
}
