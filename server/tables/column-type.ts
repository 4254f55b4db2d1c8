import {
  DuckDBArrayType,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  DuckDBTypeId,
  type DuckDBType,
} from "@duckdb/node-api";
import type { Column, NewColumn } from "#server/notebook/value.ts";
import { SheafError } from "#server/notebook/sheaf-error.ts";
import { quoted } from "./duckdb-session.ts";

/** The column of a result, with the type a table keeps for it. */
export function columnOf(name: string, type: DuckDBType): Column {
  return { name, type: columnType(type), sql: keptType(type) };
}

function columnType(type: DuckDBType): Column["type"] {
  if (type.alias === "JSON") return "json";
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
      return "boolean";
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.UTINYINT:
    case DuckDBTypeId.USMALLINT:
    case DuckDBTypeId.UINTEGER:
    case DuckDBTypeId.UBIGINT:
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.UHUGEINT:
    case DuckDBTypeId.FLOAT:
    case DuckDBTypeId.DOUBLE:
    case DuckDBTypeId.DECIMAL:
      return "number";
    case DuckDBTypeId.DATE:
      return "date";
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_S:
    case DuckDBTypeId.TIMESTAMP_MS:
    case DuckDBTypeId.TIMESTAMP_NS:
    case DuckDBTypeId.TIMESTAMP_TZ:
    case DuckDBTypeId.TIME:
      return "time";
    case DuckDBTypeId.BLOB:
      return "binary";
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY:
    case DuckDBTypeId.STRUCT:
    case DuckDBTypeId.MAP:
    case DuckDBTypeId.UNION:
    case DuckDBTypeId.VARIANT:
      return "json";
    default:
      return "string";
  }
}

/**
 * The SQL name of the type in which a table keeps values of a type. Nearly always the type itself; an `ENUM`, `BIT`,
 * `TIMETZ` or the like becomes its text, a `UNION` or `VARIANT` JSON, an `ARRAY` a list, the coarser timestamps
 * `TIMESTAMP`, and the keys of a map text: what is kept can be said exactly as data and be read back.
 */
export function keptType(type: DuckDBType): string {
  if (type.alias === "JSON") return "JSON";
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.UTINYINT:
    case DuckDBTypeId.USMALLINT:
    case DuckDBTypeId.UINTEGER:
    case DuckDBTypeId.UBIGINT:
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.UHUGEINT:
    case DuckDBTypeId.FLOAT:
    case DuckDBTypeId.DOUBLE:
    case DuckDBTypeId.DECIMAL:
    case DuckDBTypeId.DATE:
    case DuckDBTypeId.TIME:
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_NS:
    case DuckDBTypeId.TIMESTAMP_TZ:
    case DuckDBTypeId.INTERVAL:
    case DuckDBTypeId.UUID:
    case DuckDBTypeId.BLOB:
      return type.toString();
    case DuckDBTypeId.TIMESTAMP_S:
    case DuckDBTypeId.TIMESTAMP_MS:
      return "TIMESTAMP";
    case DuckDBTypeId.SQLNULL:
      return "INTEGER";
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY:
      return `${keptType((type as DuckDBListType | DuckDBArrayType).valueType)}[]`;
    case DuckDBTypeId.STRUCT: {
      const { entryNames, entryTypes } = type as DuckDBStructType;
      return `STRUCT(${entryNames.map((name, index) => `${quoted(name)} ${keptType(entryTypes[index]!)}`).join(", ")})`;
    }
    case DuckDBTypeId.MAP:
      return `MAP(VARCHAR, ${keptType((type as DuckDBMapType).valueType)})`;
    case DuckDBTypeId.UNION:
    case DuckDBTypeId.VARIANT:
      return "JSON";
    default:
      return "VARCHAR";
  }
}

/** The types that Parquet would not keep exactly (it has no 128-bit integer, and no microseconds in an interval), and names in quotes, which may be those words. */
const namesAndInexact = /"(?:[^"]|"")*"|\b(?:U?HUGEINT|INTERVAL)\b/g;

/** The type in which a Parquet file stores a kept type: text where Parquet would lose something. */
export function storedType(kept: string): string {
  return kept.replace(namesAndInexact, (found) => (found.startsWith('"') ? found : "VARCHAR"));
}

/** A column's type as SQL, refused unless it is nothing but a type: handles come from outside, and it is written into statements. */
export function checkedType(column: NewColumn): string {
  const tokens = /^(?:"(?:[^"]|"")*"|[A-Za-z_][A-Za-z0-9_]*|\d+|[\s(),[\]])+$/;
  let depth = 0;
  for (const [character] of column.sql.replace(/"(?:[^"]|"")*"/g, "").matchAll(/[()]/g)) {
    depth += character === "(" ? 1 : -1;
    if (depth < 0) break;
  }
  if (depth !== 0 || !tokens.test(column.sql))
    throw new SheafError("data.type", `the column ${column.name} has a type that is none: ${column.sql}`, {
      cure: "Give a type of DuckDB, such as VARCHAR, BIGINT, DOUBLE, DATE or JSON.",
    });
  return column.sql;
}
