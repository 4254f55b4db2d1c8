import type { Session } from "./duckdb-session.ts";

/** Why a key does not tell the rows of a table apart, in the words of an error; `row` is one where it shows, from 0. */
export interface KeyProblem {
  readonly type: "empty-key" | "duplicate-key";
  readonly message: string;
  readonly cure: string;
  readonly row: number;
}

/** Looks for rows without a key or with another's, in one statement over `rows`, which has each row's `ordinal` from 0 and its key's text as `label`. */
export async function keyProblem(session: Session, rows: string, key: string): Promise<KeyProblem | null> {
  const found = await session.queryColumns(
    `select label, count(*), min(ordinal), max(ordinal), count(*) over () from ${rows}
     group by label having label is null or count(*) > 1 order by label is not null, min(ordinal) limit ${named}`,
  );
  if (found.rowCount === 0) return null;
  const [labels, counts, firsts, lasts, [values]] = found.columns as readonly [
    (string | null)[],
    number[],
    number[],
    number[],
    [number],
  ];
  if (labels[0] === null)
    return {
      type: "empty-key",
      message: `the key column ${key} is empty in ${counts[0] === 1 ? "" : `${counts[0]} rows, first in `}row ${firsts[0]! + 1}`,
      cure: "Give every row a key, or take the key away so that rows are told apart by their content.",
      row: firsts[0]!,
    };
  const same = labels.map((label, index) => {
    const first = firsts[index]! + 1;
    const last = lasts[index]! + 1;
    const rows = counts[index] === 2 ? `rows ${first} and ${last}` : `${counts[index]} rows, from ${first} to ${last}`;
    return `${JSON.stringify(label)} is in ${rows}`;
  });
  const more = values - labels.length;
  const others = more === 0 ? "" : `, and ${more} more ${more === 1 ? "value is" : "values are"} in several`;
  return {
    type: "duplicate-key",
    message: `the key column ${key} does not tell rows apart: ${same.join(", ")}${others}`,
    cure: "Choose a column that differs in every row, or take the key away so that rows are told apart by their content.",
    row: counts[0] === 2 ? lasts[0]! : firsts[0]!,
  };
}

/** How many values are named. */
const named = 3;
