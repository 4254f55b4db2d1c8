import { PostgreSQL, sql, SQLDialect } from "@codemirror/lang-sql";

/** DuckDB's SQL for the editor: Postgres's words and DuckDB's own. */
export const duckdb = SQLDialect.define({
  ...PostgreSQL.spec,
  keywords: `${PostgreSQL.spec.keywords} anti asof describe exclude ignore macro pivot positional qualify replace sample semi struct summarize try_cast unpivot`,
  types: `${PostgreSQL.spec.types} blob double float hugeint int1 int2 int4 int8 list map string tinyint ubigint uhugeint uinteger union usmallint utinyint varchar`,
  specialVar: "$",
  // `$name` is an input here.
  doubleDollarQuotedStrings: false,
  caseInsensitiveIdentifiers: true,
});

/** SQL coloured and indented; completion is our own. */
export const sqlLanguage = sql({ dialect: duckdb }).language;
