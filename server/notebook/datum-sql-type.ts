import type { Datum } from "./value.ts";

export type DatumSqlType = "BOOLEAN" | "BIGINT" | "HUGEINT" | "DOUBLE" | "VARCHAR" | "JSON";

/** DuckDB's type of one value by itself; null of null, which is of any. A whole number beyond 128 bits is JSON, which keeps its digits. */
export function datumSqlType(datum: Datum): DatumSqlType | null {
  if (datum === null) return null;
  switch (typeof datum) {
    case "boolean":
      return "BOOLEAN";
    case "string":
      return "VARCHAR";
    case "number":
      return Number.isSafeInteger(datum) ? "BIGINT" : "DOUBLE";
    case "bigint":
      if (BigInt.asIntN(64, datum) === datum) return "BIGINT";
      return BigInt.asIntN(128, datum) === datum ? "HUGEINT" : "JSON";
    default:
      return "JSON";
  }
}
