import type { Column } from "#server/notebook/value.ts";
import { quoted, type Session } from "./duckdb-session.ts";

interface Candidate {
  readonly type: Column["type"];
  readonly sql: string;
  /** Whether a text that is not null is written as one of these. */
  test(text: string): string;
}

const pattern = (expression: string) => (text: string) => `regexp_full_match(${text}, '${expression}')`;
const both = (expression: string, sql: string) => (text: string) =>
  `(${pattern(expression)(text)} and try_cast(${text} as ${sql}) is not null)`;

const day = "\\d{4}-\\d{2}-\\d{2}";
const clock = "\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,6})?)?";

/** In the order in which they are tried. */
const candidates: readonly Candidate[] = [
  { type: "boolean", sql: "BOOLEAN", test: pattern("true|false|True|False|TRUE|FALSE") },
  { type: "number", sql: "BIGINT", test: pattern("0|-?[1-9]\\d{0,17}") },
  // At most 17 digits, which a double still tells apart.
  {
    type: "number",
    sql: "DOUBLE",
    test: (text) =>
      `(${pattern("-?(0|[1-9]\\d*)?(\\.\\d+)?([eE][+-]?\\d{1,2})?")(text)} and regexp_matches(${text}, '^-?\\.?\\d')` +
      ` and length(regexp_replace(regexp_replace(${text}, '[eE].*$', ''), '\\D', '', 'g')) <= 17)`,
  },
  { type: "date", sql: "DATE", test: both(day, "DATE") },
  { type: "time", sql: "TIMESTAMP", test: both(`${day}[ T]${clock}`, "TIMESTAMP") },
  {
    type: "time",
    sql: "TIMESTAMP WITH TIME ZONE",
    test: both(`${day}[ T]${clock}(Z|[+-]\\d{2}(:?\\d{2})?)`, "TIMESTAMPTZ"),
  },
];

/**
 * Finds the types of columns of text: a column has a type where every one of its values is written as that type, white space
 * around it aside. Numbers with leading zeros (`007`), more than 18 digits, signs or thousands' separators stay text, as do dates not
 * in ISO form: they are codes or ambiguous. A column with no value at all is text.
 */
export async function findColumnTypes(
  session: Session,
  table: string,
  columns: readonly { readonly name: string; readonly as: string }[],
): Promise<readonly Column[]> {
  const found: (Candidate | undefined)[] = columns.map(() => undefined);
  let open = columns.map((_, index) => index);
  // A sample tells which type is worth trying on all rows.
  for (const candidate of candidates) {
    const likely = await holding(session, `(from ${table} limit 500)`, columns, open, candidate);
    for (const index of await holding(session, table, columns, likely, candidate)) found[index] = candidate;
    open = open.filter((index) => found[index] === undefined);
  }
  return columns.map(({ as }, index) => {
    const { type, sql } = found[index] ?? ({ type: "string", sql: "VARCHAR" } as const);
    return { name: as, type, sql };
  });
}

async function holding(
  session: Session,
  table: string,
  columns: readonly { readonly name: string }[],
  indexes: readonly number[],
  candidate: Candidate,
): Promise<readonly number[]> {
  if (indexes.length === 0) return [];
  const tests = indexes.map((index) => {
    const text = `trim(${quoted(columns[index]!.name)})`;
    return `bool_and(${candidate.test(text)}) filter (${text} is not null)`;
  });
  const result = await session.queryColumns(`select ${tests.join(", ")} from ${table}`);
  return indexes.filter((_, position) => result.columns[position]![0] === true);
}
