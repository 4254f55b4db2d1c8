import { PostgreSQL, sql, SQLDialect } from "@codemirror/lang-sql";
import { reservedSqlWords } from "#server/notebook/sql-keywords.ts";

/** Words of DuckDB's queries that it does not reserve, and that seldom name a column. */
const words =
  "asof between by cast cross cube current_date current_timestamp escape exclude exists filter following full glob grouping ignore ilike inner join left natural nulls offset outer over partition pivot positional preceding recursive replace right rollup rows sample semi anti sets similar struct tablesample try_cast unbounded unpivot values within";

/** DuckDB's SQL for the editor. What may as well be the name of a column is no word of it. */
export const duckdb = SQLDialect.define({
  ...PostgreSQL.spec,
  keywords: `${[...reservedSqlWords].join(" ")} ${words}`,
  types: "bigint blob boolean decimal double float hugeint integer json timestamp timestamptz ubigint uuid varchar",
  specialVar: "$",
  // `$name` is an input here.
  doubleDollarQuotedStrings: false,
  caseInsensitiveIdentifiers: true,
});

/** SQL coloured and indented; completion is our own. */
export const sqlLanguage = sql({ dialect: duckdb }).language;
