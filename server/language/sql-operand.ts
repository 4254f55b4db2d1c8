/** A column of a table: its name, and DuckDB's name for its type. */
export interface SqlColumn {
  readonly name: string;
  readonly sql: string;
}

/** What a row has in a column, as SQL. */
export interface SqlOperand {
  /** Gives what the evaluator sees: null where it sees null. */
  readonly sql: string;
  /** `lowered` is a text in lower case as far as it is ASCII: right where it is held against ASCII. Nothing but null is known of what is `opaque`. */
  readonly kind: "boolean" | "integer" | "double" | "text" | "lowered" | "opaque";
  /** The type a value it is compared with is cast to. */
  readonly type: string;
  /** When the evaluator takes it as true; null where SQL cannot say. */
  readonly truth: string | null;
  /** Conditions under which a row has another value than `sql` says, or none that can be compared. They hold no parameters. */
  readonly doubts: readonly string[];
}

/** The least and the greatest of each type of whole numbers. */
export const integerRanges: ReadonlyMap<string, readonly [bigint, bigint]> = new Map(
  [8n, 16n, 32n, 64n, 128n].flatMap((bits, index) => {
    const name = ["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"][index]!;
    return [
      [name, [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n]],
      [`U${name}`, [0n, 2n ** bits - 1n]],
    ] as const;
  }),
);

/** The columns that SQL can be asked about. Names that SQL does not tell apart are none of them, nor is JSON, whose null may be written. */
export function sqlOperands(columns: readonly SqlColumn[]): ReadonlyMap<string, SqlOperand> {
  const folded = columns.map(({ name }) => name.toLowerCase());
  return new Map(
    columns.flatMap(({ name, sql }, index) => {
      const isOne = folded.indexOf(folded[index]!) === folded.lastIndexOf(folded[index]!);
      const operand = isOne && name !== "" && !name.includes("\0") ? operandOf(identifier(name), sql) : null;
      return operand === null ? [] : [[name, operand] as const];
    }),
  );
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function operandOf(sql: string, type: string): SqlOperand | null {
  const present = `${sql} is not null`;
  const nonzero = `(${present} and ${sql} <> 0)`;
  if (integerRanges.has(type)) return { sql, kind: "integer", type, truth: nonzero, doubts: [] };
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(type);
  if (decimal !== null) return decimalOperand(sql, Number(decimal[1]), Number(decimal[2]), nonzero);
  switch (type) {
    case "BOOLEAN":
      return { sql, kind: "boolean", type, truth: `(${present} and ${sql})`, doubts: [] };
    case "DOUBLE":
      // What JSON cannot say is a text in a row.
      return { sql, kind: "double", type, truth: nonzero, doubts: [`(${present} and not isfinite(${sql}))`] };
    case "VARCHAR":
      return { sql, kind: "text", type, truth: `(${present} and ${sql} <> '')`, doubts: [] };
    case "DATE":
    case "TIME":
      return { ...written(`cast(${sql} as VARCHAR)`), truth: `(${present})` };
    case "TIMESTAMP":
      return { ...written(isoText(sql)), truth: `(${present})`, doubts: [beyondIso(sql)] };
    case "TIMESTAMP WITH TIME ZONE": {
      const utc = `cast(${sql} as TIMESTAMP)`;
      return { ...written(`${isoText(utc)} || 'Z'`), truth: `(${present})`, doubts: [beyondIso(utc)] };
    }
    case "FLOAT":
      // A row has the shortest number that is the same in 32 bits.
      return { sql, kind: "opaque", type, truth: nonzero, doubts: [] };
    case "TIMESTAMP_NS":
    case "INTERVAL":
    case "UUID":
    case "BLOB":
      return opaque(sql);
    default:
      return /^(?:STRUCT|MAP)\(|\[\]$/.test(type) ? opaque(sql) : null;
  }
}

function opaque(sql: string): SqlOperand {
  return { sql, kind: "opaque", type: "VARCHAR", truth: null, doubts: [] };
}

/** A value that stands in a row as its text. */
function written(sql: string): SqlOperand {
  return { sql, kind: "text", type: "VARCHAR", truth: null, doubts: [] };
}

function isoText(timestamp: string): string {
  return `replace(cast(${timestamp} as VARCHAR), ' ', 'T')`;
}

/** Times that have no ISO text are written as DuckDB writes them. */
function beyondIso(timestamp: string): string {
  return `(${timestamp} is not null and (${timestamp} < timestamp '0001-01-01' or ${timestamp} > timestamp '9999-12-31 23:59:59.999999'))`;
}

/** Decimals of more than 15 digits are texts in rows; those of fewer are the doubles nearest to them, as DuckDB casts them. */
function decimalOperand(sql: string, width: number, scale: number, truth: string): SqlOperand {
  const whole = 15 - scale;
  if (whole < 1) return { sql, kind: "opaque", type: "DOUBLE", truth, doubts: [] };
  const doubts = width <= 15 ? [] : [`(${sql} is not null and abs(${sql}) >= 1${"0".repeat(whole)})`];
  return { sql: `cast(${sql} as DOUBLE)`, kind: "double", type: "DOUBLE", truth, doubts };
}

const upperLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/** Its lower case is ASCII. */
const kelvin = "\u212a";
/** Its lower case begins with an ASCII letter, and goes on. */
const dottedI = "\u0130";

/** The text of an operand in lower case, as the evaluator has it wherever it is held against ASCII. `ofNull` is what null becomes. */
export function lowered({ sql, doubts }: SqlOperand, ofNull: "empty" | "fault"): SqlOperand {
  const text = ofNull === "empty" ? `coalesce(${sql}, '')` : sql;
  return {
    sql: `translate(${text}, '${upperLetters}${kelvin}', '${upperLetters.toLowerCase()}k')`,
    kind: "lowered",
    type: "VARCHAR",
    truth: null,
    doubts: [
      ...doubts,
      `(${sql} is not null and contains(${sql}, '${dottedI}'))`,
      ...(ofNull === "fault" ? [`(${sql} is null)`] : []),
    ],
  };
}
