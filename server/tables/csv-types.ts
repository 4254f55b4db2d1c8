import type { Column } from "#server/notebook/value.ts";
import { quoted, type Session } from "./duckdb-session.ts";

interface Candidate {
  readonly type: Column["type"];
  readonly sql: string;
  /** The regular expression of a whole value, as JavaScript and DuckDB both read it. */
  readonly pattern: string;
  /** A further condition, in SQL, on a text that fits the pattern. */
  condition?(text: string): string;
}

const day = "\\d{4}-\\d{2}-\\d{2}";
const clock = "\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,6})?)?";
/** The digits of a number's text without the zeros around them. */
const significant = (text: string) =>
  `trim(regexp_replace(regexp_replace(${text}, '[eE].*$', ''), '\\D', '', 'g'), '0')`;
const convertsTo = (sql: string) => (text: string) => `try_cast(${text} as ${sql}) is not null`;

/** In the order in which they are tried. */
const candidates: readonly Candidate[] = [
  { type: "boolean", sql: "BOOLEAN", pattern: "true|false|True|False|TRUE|FALSE" },
  { type: "number", sql: "BIGINT", pattern: "0|-?[1-9]\\d{0,17}" },
  // Else a long number would be changed unseen, and two ids could become one.
  {
    type: "number",
    sql: "DOUBLE",
    pattern: "-?((0|[1-9]\\d*)(\\.\\d+)?|\\.\\d+)([eE][+-]?\\d{1,2})?",
    condition: (text) =>
      `${significant(text)} is not distinct from ${significant(`cast(try_cast(${text} as DOUBLE) as VARCHAR)`)}`,
  },
  { type: "date", sql: "DATE", pattern: day, condition: convertsTo("DATE") },
  { type: "time", sql: "TIMESTAMP", pattern: `${day}[ T]${clock}`, condition: convertsTo("TIMESTAMP") },
  {
    type: "time",
    sql: "TIMESTAMP WITH TIME ZONE",
    pattern: `${day}[ T]${clock}(Z|[+-]\\d{2}(:?\\d{2})?)`,
    condition: convertsTo("TIMESTAMPTZ"),
  },
];

/**
 * Finds the types of columns of text: a column has a type where every one of its values is written as that type, white space
 * around it aside. Numbers with leading zeros (`007`), more than 18 digits, signs or thousands' separators stay text, as do dates not
 * in ISO form: they are codes or ambiguous; and numbers with digits that a double does not keep. A column with no value at all is text.
 */
export async function findColumnTypes(
  session: Session,
  table: string,
  columns: readonly { readonly name: string; readonly as: string }[],
): Promise<readonly Column[]> {
  const likely = await likelyCandidates(session, table, columns);
  const found: (Candidate | undefined)[] = columns.map(() => undefined);
  for (;;) {
    // Each column without a type tries the next of its candidates; for most the first is the one.
    const tries = [...likely.entries()].flatMap(([index, left]) => {
      const candidate = found[index] === undefined ? left.shift() : undefined;
      return candidate === undefined ? [] : [{ index, name: columns[index]!.name, candidate }];
    });
    if (tries.length === 0) break;
    for (const { index, candidate } of await fitting(session, table, tries)) found[index] = candidate;
  }
  return columns.map(({ as }, index) => {
    const { type, sql } = found[index] ?? ({ type: "string", sql: "VARCHAR" } as const);
    return { name: as, type, sql };
  });
}

/** For each column the candidates that the first rows do not rule out. */
async function likelyCandidates(
  session: Session,
  table: string,
  columns: readonly { readonly name: string }[],
): Promise<Candidate[][]> {
  const texts = columns.map(({ name }) => `trim(${quoted(name)})`);
  const sample = await session.queryColumns(`select ${texts.join(", ")} from ${table} limit 500`);
  const patterns = candidates.map(({ pattern }) => new RegExp(`^(?:${pattern})$`));
  return sample.columns.map((values) =>
    candidates.filter((_, index) => values.every((value) => value === null || patterns[index]!.test(value as string))),
  );
}

interface Try {
  readonly index: number;
  readonly name: string;
  readonly candidate: Candidate;
}

/** Those whose column has a value, and no value that is not as the candidate has it. */
async function fitting(session: Session, table: string, tries: readonly Try[]): Promise<readonly Try[]> {
  const fits: unknown[] = [];
  for (let from = 0; from < tries.length; from += triesAtOnce) {
    const tests = tries.slice(from, from + triesAtOnce).map(({ name, candidate: { pattern, condition } }) => {
      const text = `trim(${quoted(name)})`;
      const matches = `regexp_full_match(${text}, '${pattern}')`;
      if (condition === undefined) return `bool_and(${matches})`;
      return `bool_and(case when ${matches} then ${condition(text)} when ${text} is not null then false end)`;
    });
    const { columns } = await session.queryColumns(`select ${tests.join(", ")} from ${table}`);
    fits.push(...columns.map(([fit]) => fit));
  }
  return tries.filter((_, position) => fits[position] === true);
}

/** DuckDB's time to plan such a statement grows faster than its length; the statements themselves cost little. */
const triesAtOnce = 100;
