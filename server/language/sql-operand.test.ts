import { expect, test } from "vitest";
import { filterToSql, parseExpression, scopeOf } from "./index.ts";

/** What DuckDB decides of a filter on columns of these types; null where that is not all of it. */
function sqlOf(source: string, ...types: readonly string[]): string | null {
  const columns = types.map((sql, index) => ({ name: "abc"[index]!, sql }));
  const made = filterToSql(parseExpression(source), "item", columns)(scopeOf({}));
  return made?.rest === null ? made.sql : null;
}

const has = `"a" is not null`;
const nonzero = `(${has} and "a" <> 0)`;
const equals = (type: string, sql = `"a"`): string => `(${sql} is not null and ${sql} = cast($p0 as ${type}))`;
const double = `cast("a" as DOUBLE)`;
const written = `cast("a" as VARCHAR)`;
const iso = `replace(cast("a" as VARCHAR), ' ', 'T')`;
const utc = `cast("a" as TIMESTAMP)`;
const isoUtc = `replace(cast(${utc} as VARCHAR), ' ', 'T') || 'Z'`;
const beyond = (sql: string): string =>
  `(${sql} is not null and (${sql} < timestamp '0001-01-01' or ${sql} > timestamp '9999-12-31 23:59:59.999999'))`;

test.each<readonly [type: string, value: string, truth: string | null, equality: string | null, none: string | null]>([
  ["BOOLEAN", "true", `(${has} and "a")`, equals("BOOLEAN"), `("a" is null)`],
  ["TINYINT", "127", nonzero, equals("TINYINT"), `("a" is null)`],
  ["TINYINT", "128", nonzero, "false", `("a" is null)`],
  ["TINYINT", "-129", nonzero, "false", `("a" is null)`],
  ["UTINYINT", "255", nonzero, equals("UTINYINT"), `("a" is null)`],
  ["UTINYINT", "-1", nonzero, "false", `("a" is null)`],
  ["SMALLINT", "-32768", nonzero, equals("SMALLINT"), `("a" is null)`],
  ["USMALLINT", "65536", nonzero, "false", `("a" is null)`],
  ["UINTEGER", "4294967296", nonzero, "false", `("a" is null)`],
  ["UBIGINT", "18446744073709551615", nonzero, equals("UBIGINT"), `("a" is null)`],
  ["HUGEINT", "5", nonzero, equals("HUGEINT"), `("a" is null)`],
  ["UHUGEINT", "5.5", nonzero, "false", `("a" is null)`],
  ["DECIMAL(10,2)", "0.1", nonzero, equals("DOUBLE", double), `(${double} is null)`],
  [
    "DECIMAL(18,3)",
    "0.1",
    nonzero,
    `((${has} and abs("a") >= 1000000000000) or ${equals("DOUBLE", double)})`,
    `(${double} is null)`,
  ],
  [
    "DECIMAL(38,14)",
    "0.1",
    nonzero,
    `((${has} and abs("a") >= 10) or ${equals("DOUBLE", double)})`,
    `(${double} is null)`,
  ],
  ["DECIMAL(38,15)", "0.1", nonzero, null, `("a" is null)`],
  ["DATE", "'2026-01-31'", `(${has})`, equals("VARCHAR", written), `(${written} is null)`],
  ["TIME", "'09:30:00'", `(${has})`, equals("VARCHAR", written), `(${written} is null)`],
  ["TIMESTAMP", "'x'", `(${has})`, `(${beyond(`"a"`)} or ${equals("VARCHAR", iso)})`, `(${iso} is null)`],
  [
    "TIMESTAMP WITH TIME ZONE",
    "'x'",
    `(${has})`,
    `(${beyond(utc)} or ${equals("VARCHAR", isoUtc)})`,
    `(${isoUtc} is null)`,
  ],
  ["FLOAT", "1", nonzero, null, `("a" is null)`],
  ...["TIMESTAMP_NS", "INTERVAL", "UUID", "BLOB", "STRUCT(a INTEGER)", "MAP(VARCHAR, INTEGER)", "VARCHAR[]"].map(
    (type) => [type, "'x'", null, null, `("a" is null)`] as const,
  ),
  ["JSON", "1", null, null, null],
  ["ENUM('a')", "'a'", null, null, null],
])("of a column of %s against %s", (type, value, truth, equality, none) => {
  expect([sqlOf("item.a", type), sqlOf(`item.a == ${value}`, type), sqlOf("item.a is none", type)]).toEqual([
    truth,
    equality,
    none,
  ]);
});

const both = `${has} and "b" is not null`;
const long = (sql: string): string => `(${sql} is not null and strlen(${sql}) > 100000)`;
test.each<readonly [source: string, types: readonly string[], sql: string | null]>([
  ["item.a < item.b", ["UHUGEINT", "INTEGER"], null],
  ["item.a == item.b", ["INTEGER", "UHUGEINT"], null],
  ["item.a <= item.b", ["BOOLEAN", "BOOLEAN"], `(${both} and "a" <= "b")`],
  ["item.a == item.b", ["VARCHAR", "INTEGER"], `("a" is null and "b" is null)`],
  ["item.a == item.b", ["BOOLEAN", "BOOLEAN"], `("a" is not distinct from "b")`],
  ["item.a == item.b", ["DOUBLE", "INTEGER"], null],
  ["item.a == item.b", ["UUID", "UUID"], null],
  [
    "item.a in item.b",
    ["VARCHAR", "VARCHAR"],
    `(${long(`"b"`)} or ("b" is not null and ${has} and contains("b", "a")))`,
  ],
  ["item.a in item.b", ["INTEGER", "VARCHAR"], null],
  ["(item.a | lower) in item.b", ["VARCHAR", "VARCHAR"], null],
  ["(item.a | lower) == item.b", ["VARCHAR", "VARCHAR"], null],
  ["item.a in none", ["VARCHAR"], "false"],
  ["none in item.a", ["VARCHAR"], `(${long(`"a"`)} or false)`],
  ["1 in item.a", ["VARCHAR"], null],
  ["'é' in (item.a | lower)", ["VARCHAR"], null],
  ["item.a in 'abc'", ["VARCHAR"], `(${has} and contains($p0, "a"))`],
  ["item.a in 1", ["VARCHAR"], null],
  ["item.a < 1", ["BOOLEAN"], null],
  ["item.a < 'x'", ["INTEGER"], null],
  ["item.a < -2147483649", ["INTEGER"], "false"],
  ["item.a > -2147483649", ["INTEGER"], `(${has})`],
  ["item.a >= 2.5", ["INTEGER"], `(${has} and "a" > cast($p0 as INTEGER))`],
  ["item.a > 2.5", ["INTEGER"], `(${has} and "a" > cast($p0 as INTEGER))`],
  ["item.a < -2.5", ["INTEGER"], `(${has} and "a" <= cast($p0 as INTEGER))`],
  ["item.a >= 2", ["INTEGER"], `(${has} and "a" >= cast($p0 as INTEGER))`],
  ["2 >= item.a", ["INTEGER"], `(${has} and "a" <= cast($p0 as INTEGER))`],
  ["item.a < 9007199254740993", ["DOUBLE"], null],
  ["item.a < '\\ue000'", ["VARCHAR"], null],
  ["item.a < 1", ["UUID"], null],
])("of %s on columns of %j", (source, types, sql) => {
  expect(sqlOf(source, ...types)).toBe(sql);
});

test("a name that SQL does not tell from another, or cannot write, is none of its columns", () => {
  const plan = (source: string, ...names: readonly string[]) =>
    filterToSql(
      parseExpression(source),
      "item",
      names.map((name) => ({ name, sql: "INTEGER" })),
    )(scopeOf({}));
  expect(plan("item.c == 1", "c", "d")).not.toBeNull();
  expect(plan("item.c == 1", "c", "C")).toBeNull();
  expect(plan("item[''] == 1", "")).toBeNull();
  expect(plan("item['a\\u0000'] == 1", "a\0")).toBeNull();
});
