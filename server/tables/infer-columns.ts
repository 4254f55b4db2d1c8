import { datumSqlType, type DatumSqlType } from "#server/notebook/datum-sql-type.ts";
import type { Column, Datum } from "#server/notebook/value.ts";

/**
 * The columns of rows given as objects, in the order in which names first occur. Whole numbers are `BIGINT` (`HUGEINT`
 * beyond 64 bits), a column with any other number `DOUBLE`, text `VARCHAR` as it is (no dates are guessed), nothing but null
 * `VARCHAR`; lists, objects and mixtures are `JSON`.
 */
export function inferColumns(rows: readonly { readonly [column: string]: Datum }[]): readonly Column[] {
  const kinds = new Map<string, Kind | undefined>();
  for (const row of rows)
    for (const name of Object.keys(row)) kinds.set(name, joined(kinds.get(name), kindOf(row[name] ?? null)));
  return [...kinds].map(([name, kind]) => ({ name, ...types[kind ?? "text"] }));
}

type Kind = "boolean" | "integer" | "long" | "huge" | "number" | "text" | "json";

const types: { readonly [kind in Kind]: Pick<Column, "type" | "sql"> } = {
  boolean: { type: "boolean", sql: "BOOLEAN" },
  integer: { type: "number", sql: "BIGINT" },
  long: { type: "number", sql: "BIGINT" },
  huge: { type: "number", sql: "HUGEINT" },
  number: { type: "number", sql: "DOUBLE" },
  text: { type: "string", sql: "VARCHAR" },
  json: { type: "json", sql: "JSON" },
};

const kinds: { readonly [sql in DatumSqlType]: Kind } = {
  BOOLEAN: "boolean",
  BIGINT: "integer",
  HUGEINT: "huge",
  DOUBLE: "number",
  VARCHAR: "text",
  JSON: "json",
};

function kindOf(datum: Datum): Kind | undefined {
  const sql = datumSqlType(datum);
  if (sql === null) return undefined;
  return sql === "BIGINT" && typeof datum === "bigint" ? "long" : kinds[sql];
}

function joined(before: Kind | undefined, now: Kind | undefined): Kind | undefined {
  if (before === undefined || now === undefined || before === now) return before ?? now;
  const integers: readonly Kind[] = ["integer", "long", "huge"];
  const [first, second] = [integers.indexOf(before), integers.indexOf(now)];
  if (first >= 0 && second >= 0) return integers[Math.max(first, second)]!;
  // Beside a fraction a whole number is kept as a double, unless it is too long for one.
  if ((first === 0 && now === "number") || (second === 0 && before === "number")) return "number";
  return "json";
}
