import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  evaluate,
  filterToSql,
  isTruthy,
  LanguageError,
  parseExpression,
  scopeOf,
  type LanguageRecord,
  type LanguageValue,
} from "#server/language/index.ts";
import type { Column, Datum, Table } from "#server/notebook/value.ts";
import { temporaryTables, type TemporaryTables } from "./__fixtures__/temporary-tables.ts";

let workspace: TemporaryTables;
beforeAll(async () => void (workspace = await temporaryTables()));
afterAll(() => workspace[Symbol.asyncDispose]());

type Row = { readonly [column: string]: Datum };

const integers = (bits: number, signed: boolean) => {
  const [least, greatest] = signed
    ? [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n]
    : [0n, 2n ** BigInt(bits) - 1n];
  const odd = [0n, 1n, -1n, 2n, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 63n, least, greatest];
  return fc.constantFrom(...odd.filter((value) => value >= least && value <= greatest));
};
const text = fc.oneof(
  fc.constantFrom("", "a", "A", "b", "ab", "aB", "k", "\u212a", "\u0130", "i", "ß", "SS", "é", "e\u0301", "Σ", "ς"),
  fc.constantFrom(
    "😀",
    "\ue000",
    "\uffff",
    "\ud7ff",
    "a\0b",
    "NaN",
    "Infinity",
    "10",
    "9",
    "true",
    "null",
    "it's",
    '"',
  ),
  fc.string({ unit: "binary", maxLength: 4 }),
);
const tameDouble = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 0.1, 0.30000000000000004, 0.3, 2 ** 53, 2 ** 53 + 2, 1e308, 5e-324, 2.5),
  fc.double({ noDefaultInfinity: true, noNaN: true }),
);

/** Every type a table may have, with values that are ordinary, and with those that are not. */
const types: readonly (readonly [
  name: string,
  Column["type"],
  sql: string,
  tame: fc.Arbitrary<Datum>,
  odd?: readonly Datum[],
])[] = [
  ["flag", "boolean", "BOOLEAN", fc.boolean()],
  ["tiny", "number", "TINYINT", integers(8, true)],
  ["n", "number", "INTEGER", integers(32, true)],
  ["un", "number", "UINTEGER", integers(32, false)],
  ["big", "number", "BIGINT", integers(64, true)],
  ["ubig", "number", "UBIGINT", integers(64, false)],
  ["huge", "number", "HUGEINT", integers(128, true)],
  ["uhuge", "number", "UHUGEINT", integers(128, false)],
  ["f", "number", "FLOAT", fc.constantFrom(0, 0.1, 1, 2.5, 16777216), ["NaN", "Infinity"]],
  ["d", "number", "DOUBLE", tameDouble, ["NaN", "Infinity", "-Infinity"]],
  ["e", "number", "DOUBLE", tameDouble, ["NaN"]],
  ["price", "number", "DECIMAL(10,2)", fc.constantFrom("0", "0.10", "2.5", "-1", "12345678.90")],
  [
    "amount",
    "number",
    "DECIMAL(18,3)",
    fc.constantFrom("0", "0.1", "2.5", "1", "-123456789012.345", "999999999999.999"),
    ["123456789012345.678", "-1000000000000"],
  ],
  ["exact", "number", "DECIMAL(38,10)", fc.constantFrom("0.1", "2.5", "12345.6789012345"), ["1e27"]],
  ["fine", "number", "DECIMAL(30,20)", fc.constantFrom("0.1", "0", "2.5")],
  ["s", "string", "VARCHAR", text],
  ["other", "string", "VARCHAR", text],
  ['a "b".c', "string", "VARCHAR", text],
  [
    "day",
    "date",
    "DATE",
    fc.constantFrom("2026-01-31", "0001-01-01", "9999-12-31", "2026-02-01"),
    ["12026-01-01", "0044-03-15 (BC)", "infinity", "-infinity"],
  ],
  ["at", "time", "TIME", fc.constantFrom("09:30:00.25", "00:00:00", "23:59:59.999999")],
  [
    "when",
    "time",
    "TIMESTAMP",
    fc.constantFrom(
      "2026-01-31T09:30:00.25",
      "0001-01-01T00:00:00",
      "9999-12-31T23:59:59.999999",
      "2026-01-31T09:30:00",
    ),
    ["12026-01-01 00:00:00", "0044-03-15 (BC) 00:00:00", "infinity"],
  ],
  [
    "instant",
    "time",
    "TIMESTAMP WITH TIME ZONE",
    fc.constantFrom("2026-01-31T09:30:00.25Z", "2026-01-31T09:30:00Z"),
    ["12026-01-01 00:00:00+00", "infinity"],
  ],
  ["nano", "time", "TIMESTAMP_NS", fc.constantFrom("2026-01-31T09:30:00.000000001", "2026-01-31T09:30:00")],
  ["id", "string", "UUID", fc.constantFrom("12345678-1234-1234-1234-123456789012")],
  ["span", "string", "INTERVAL", fc.constantFrom("1 day", "2 months")],
  ["bytes", "binary", "BLOB", fc.constantFrom("", "AAE=")],
  ["json", "json", "JSON", fc.constantFrom<Datum>({ a: 1 }, [], "x", 1, true, [null])],
  ["list", "json", "INTEGER[]", fc.constantFrom<Datum>([], [1, 2], [null])],
  ["pair", "json", 'STRUCT("x" INTEGER, "y z" VARCHAR)', fc.constantFrom<Datum>({ x: 1, "y z": "a" })],
  ["file_row_number", "number", "BIGINT", integers(64, true)],
];
const columns = types.map(([name, type, sql]): Column => ({ name, type, sql }));

/** Rows of one table, in which half the time nothing is out of the ordinary. */
const rowsArbitrary = fc.boolean().chain((isOdd) =>
  fc.array(
    fc.record(
      Object.fromEntries(
        types.map(([name, , , tame, odd = []]) => {
          const values =
            isOdd && odd.length > 0 ? fc.oneof({ arbitrary: tame, weight: 4 }, fc.constantFrom(...odd)) : tame;
          return [name, fc.option(values, { freq: 5 })];
        }),
      ),
    ),
    { minLength: 101, maxLength: 120 },
  ),
);

/** What the other names have. */
const given: LanguageRecord = {
  topic: "a",
  least: 1,
  huge_one: 2n ** 64n,
  tags: ["a", "k", "", 1, null, "😀"],
  counts: [0, 1, 2.5, 2 ** 53, 2n ** 63n, "1"],
  many: Array.from({ length: 300 }, (_, index) => index - 100),
  row: { s: "ab", n: 2, none: null, flag: true, mapping: { a: 1 } },
  broken: "\ud800",
  endless: Infinity,
};

/** Source of an expression, made for the rows of a table so that its values meet theirs. */
type Source = (rows: readonly Row[]) => string;

const column: fc.Arbitrary<string> = fc
  .constantFrom(...columns.map(({ name }) => name))
  .map((name) => (/^\w+$/.test(name) ? `item.${name}` : `item[${JSON.stringify(name)}]`));
const constant: fc.Arbitrary<Source> = fc.oneof(
  {
    arbitrary: fc.tuple(fc.nat(columns.length - 1), fc.nat(100)).map(
      ([at, row]): Source =>
        (rows) =>
          literal(rows[row]![columns[at]!.name]!),
    ),
    weight: 6,
  },
  fc
    .constantFrom("none", "true", "false", "0", "1", "-1", "2.5", "1e20", "0.5", '""', '"A"', '"NaN"', '"2026"', '"0x"')
    .map(
      (source): Source =>
        () =>
          source,
    ),
  fc
    .constantFrom(
      "topic",
      "least",
      "huge_one",
      "row.s",
      "row.n",
      "row.none",
      "row.flag",
      "2 ** 63",
      "topic ~ 'b'",
      "least + 1",
      "broken",
      "endless",
      "-0.0",
      "missing",
      "1 / 0",
      "row.mapping",
    )
    .map(
      (source): Source =>
        () =>
          source,
    ),
);
const operand: fc.Arbitrary<Source> = fc.oneof(
  {
    arbitrary: column.map(
      (name): Source =>
        () =>
          name,
    ),
    weight: 5,
  },
  { arbitrary: constant, weight: 5 },
  fc.constantFrom("item.s", "item.other", "item.day", "item.n").chain((name) =>
    fc.constantFrom(`(${name} | lower)`, `${name}.lower()`, `(${name} | upper)`, `(${name} | length)`).map(
      (source): Source =>
        () =>
          source,
    ),
  ),
);
const sameColumn: fc.Arbitrary<Source> = fc
  .tuple(fc.nat(columns.length - 1), fc.nat(100), fc.constantFrom("==", "!=", "<", "<=", ">", ">="), fc.boolean())
  .map(([at, row, operator, turned]): Source => (rows) => {
    const { name } = columns[at]!;
    const sides = [`item[${JSON.stringify(name)}]`, literal(rows[row]![name]!)];
    return (turned ? sides.toReversed() : sides).join(` ${operator} `);
  });
const container: fc.Arbitrary<Source> = fc.oneof(
  operand,
  fc
    .constantFrom(
      "tags",
      "counts",
      "many",
      "[]",
      "'abk'",
      "none",
      "item.s",
      "(item.s | lower)",
      "item.other",
      "row.mapping",
    )
    .map(
      (source): Source =>
        () =>
          source,
    ),
  fc.array(constant, { maxLength: 4 }).map(
    (items): Source =>
      (rows) =>
        `[${items.map((item) => item(rows)).join(", ")}]`,
  ),
  fc.array(operand, { maxLength: 3 }).map(
    (items): Source =>
      (rows) =>
        `[${items.map((item) => item(rows)).join(", ")}]`,
  ),
);
const joined =
  (...parts: readonly (string | Source)[]): Source =>
  (rows) =>
    parts.map((part) => (typeof part === "string" ? part : part(rows))).join(" ");
const { condition } = fc.letrec<{ condition: Source }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { arbitrary: sameColumn, weight: 5 },
    {
      arbitrary: fc
        .tuple(operand, fc.constantFrom("==", "!=", "<", "<=", ">", ">="), operand)
        .map((parts) => joined(...parts)),
      weight: 5,
    },
    fc
      .tuple(operand, fc.constantFrom("<", "<=", "=="), operand, fc.constantFrom("<", ">=", "!="), operand)
      .map((parts) => joined(...parts)),
    {
      arbitrary: fc.tuple(operand, fc.constantFrom("in", "not in"), container).map((parts) => joined(...parts)),
      weight: 4,
    },
    { arbitrary: column.map((name) => joined(name)), weight: 2 },
    {
      arbitrary: fc
        .tuple(
          column,
          fc.constantFrom("is none", "is not none", "is true", "is false", "is string", "is number", "is defined"),
        )
        .map((parts) => joined(...parts)),
      weight: 2,
    },
    fc
      .tuple(column, fc.constantFrom("is eq", "is ne", "is lt", "is not ge", "is sameas"), constant)
      .map(([name, is, other]) => joined(name, is, "(", other, ")")),
    fc
      .tuple(fc.constantFrom("item.s", "item.other", "item.day"), fc.constantFrom("startswith", "endswith"), constant)
      .map(([name, method, part]) => joined(`${name}.${method}(`, part, ")")),
    constant,
    { arbitrary: tie("condition").map((inner) => joined("not (", inner, ")")), weight: 2 },
    {
      arbitrary: fc
        .tuple(tie("condition"), fc.constantFrom("and", "or"), tie("condition"))
        .map(([left, operator, right]) => joined("(", left, ")", operator, "(", right, ")")),
      weight: 6,
    },
    fc.tuple(tie("condition"), tie("condition")).map(([left, right]) => joined("(", left, "if", right, "else false )")),
  ),
}));

/** A value as the language writes it. */
function literal(value: Datum): string {
  if (value !== null && typeof value === "object") return JSON.stringify(value);
  return typeof value === "string" ? JSON.stringify(value) : String(value ?? "none");
}

/** What the evaluator makes of a filter at a row: `true`, `false`, or the code and place of an error. */
function outcome(of: () => LanguageValue): boolean | string {
  try {
    return isTruthy(of());
  } catch (thrown) {
    if (!(thrown instanceof LanguageError)) throw thrown;
    return `${thrown.code} at ${thrown.position.offset}: ${thrown.message}`;
  }
}

const trial = fc
  .record({ data: rowsArbitrary, sources: fc.array(condition, { minLength: 40, maxLength: 40 }) })
  // The message of what failed has what matters of it.
  .map((made) => ({ ...made, [fc.toStringMethod]: () => "a table and filters" }));

async function rowsOf(table: Table): Promise<readonly Row[]> {
  const rows = await workspace.tables.rows(table, 0, table.rowCount);
  return rows.map((row) => Object.fromEntries(table.columns.map(({ name }, index) => [name, row[index]!])));
}

const tried = { sources: 0, pushed: 0, whole: 0, doubted: 0 };

async function compare(table: Table, rows: readonly Row[], source: string): Promise<void> {
  const filter = parseExpression(source);
  const plan = filterToSql(filter, "item", table.columns)(scopeOf(given));
  tried.sources += 1;
  if (plan === null) return;
  const { sql, parameters, doubt, rest } = plan;
  const admitted = new Set(await workspace.tables.admitted(table, sql, parameters));
  const doubted = new Set(doubt === null ? [] : await workspace.tables.admitted(table, doubt, {}));
  tried.pushed += 1;
  if (rest === null) tried.whole += 1;
  if (doubted.size > 0) tried.doubted += 1;
  for (const [number, item] of rows.entries()) {
    const scope = scopeOf({ ...given, item: item as LanguageValue });
    const all = outcome(() => evaluate(filter, scope));
    const said = (): unknown => {
      if (!admitted.has(number)) return false;
      if (doubted.has(number)) return all;
      return rest === null ? true : outcome(() => evaluate(rest, scope));
    };
    const found = said();
    // A million comparisons, each told in full, would take most of the time.
    if (found !== all)
      expect({ source, sql, parameters, row: number, found }).toEqual({
        source,
        sql,
        parameters,
        row: number,
        found: all,
      });
  }
}

describe("what a filter leaves to DuckDB", () => {
  test("is what the evaluator says at each row, and errors stay errors", { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(trial, async ({ data, sources }) => {
        const table = await workspace.tables.fromRows(data, columns);
        const rows = await rowsOf(table);
        for (const source of sources) await compare(table, rows, source(rows));
      }),
      { numRuns: 12, endOnFailure: true },
    );
    // What is never left to DuckDB would be right as well.
    expect(tried.whole).toBeGreaterThan(tried.sources / 4);
    expect(tried.pushed - tried.whole).toBeGreaterThan(0);
    expect(tried.doubted).toBeGreaterThan(0);
  });
});

describe("the evaluator and DuckDB", () => {
  const texts = [
    "",
    "a",
    "A",
    "k",
    "K",
    "\u212a",
    "\u0130",
    "i",
    "I",
    "ß",
    "SS",
    "é",
    "\ud7ff",
    "\ue000",
    "\uffff",
    "😀",
  ];
  const numbers = [0, -0, 1, 2, 3, -1, -2, -3, 2.5, 0.1, 0.30000000000000004, 2 ** 53, -(2 ** 53), 5e-324];
  const wholes = [0n, 1n, 2n, 3n, -1n, -2n, -3n, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 63n), 2n ** 63n - 1n];
  const days = ["0001-01-01", "2026-01-31", "2026-02-01", "9999-12-31"];
  const at = <Value>(values: readonly Value[], index: number): Value | null =>
    index % (values.length + 1) === values.length ? null : values[index % (values.length + 1)]!;
  const rows = Array.from({ length: 400 }, (_, index) => ({
    s: at(texts, index),
    other: at(texts, index * 7 + 1),
    x: at(numbers, index),
    y: at(numbers, index * 11 + 3),
    n: at(wholes, index),
    small: at([0, 1, 2, 3, -1, -2, -3], index),
    day: at(days, index),
    flag: at([true, false], index),
  }));
  const sqls = ["VARCHAR", "VARCHAR", "DOUBLE", "DOUBLE", "BIGINT", "INTEGER", "DATE", "BOOLEAN"];
  const hard = Object.keys(rows[0]!).map((name, index): Column => ({ name, type: "string", sql: sqls[index]! }));
  const operators = ["==", "!=", "<", "<=", ">", ">="];
  const against = {
    s: [...texts, "a\0", "kk", "i\u0307", "\ud83d"],
    x: [...numbers, ...wholes, 1e300, 2n ** 64n],
    n: [...wholes, ...numbers, 2n ** 63n, -(2n ** 63n) - 1n, 1e300, -1e300],
    small: [2.5, -2.5, 0.5, -0.5, 2 ** 31, -(2 ** 31) - 1],
    day: [...days, "2026", "", "2026-01-31T00:00", "~", "😀"],
    flag: [true, false],
  };

  test.each(Object.entries(against))("order and equate alike what stands in %s", async (name, values) => {
    const table = await workspace.tables.fromRows(rows, hard);
    const read = await rowsOf(table);
    for (const value of values)
      for (const operator of operators) {
        await compare(table, read, `item.${name} ${operator} ${literal(value)}`);
        await compare(table, read, `${literal(value)} ${operator} item.${name}`);
      }
    for (const operator of operators)
      for (const other of ["item.s", "item.other", "item.x", "item.y", "item.n", "item.small", "item.day", "item.flag"])
        await compare(table, read, `item.${name} ${operator} ${other}`);
    const list = `[${values.map(literal).join(", ")}, none]`;
    await compare(table, read, `item.${name} in ${list} and not (item.${name} in ${list})`);
    await compare(table, read, `item.${name} or item.${name} in ${list}`);
  });

  test("find alike parts of texts, and their lower case", async () => {
    const table = await workspace.tables.fromRows(rows, hard);
    const read = await rowsOf(table);
    for (const text of against.s) {
      for (const operator of ["in", "not in"])
        for (const column of ["item.s", "(item.s | lower)", "item.s.lower()"]) {
          await compare(table, read, `${literal(text)} ${operator} ${column}`);
          await compare(table, read, `${column} ${operator} ${literal(`${text}xK`)}`);
          await compare(table, read, `item.s is not none and ${literal(text)} ${operator} ${column}`);
        }
      await compare(table, read, `(item.s | lower) == ${literal(text)}`);
      await compare(table, read, `item.s is not none and item.s.lower() != ${literal(text)}`);
      await compare(table, read, `item.s.startswith(${literal(text)}) or item.other.endswith(${literal(text)})`);
    }
    await compare(table, read, "item.s in item.other or item.day in item.s");
  });

  test("say alike when a part cannot be read to its end", async () => {
    const long = [100_000, 100_001, 1_000_000, 1_000_001].map((length) => "a".repeat(length));
    const wide = [{ name: "s", type: "string", sql: "VARCHAR" }] as const;
    const table = await workspace.tables.fromRows(
      [...long, ...texts].map((s) => ({ s })),
      wide,
    );
    const read = await rowsOf(table);
    for (const source of ["'b' in item.s", "'a' in (item.s | lower)", "item.s.endswith('a')", "item.s == item.s"])
      await compare(table, read, source);
  });
});

describe("the rows for which a condition holds", () => {
  const ids = async (table: Table, where: string, parameters: { readonly [name: string]: Datum } = {}) => [
    ...(await workspace.tables.admitted(table, where, parameters)),
  ];

  test("are numbered as they are read, from a file or a handle, whatever its columns are called", async () => {
    const names = ["row number", "ROW NUMBER_", "file_row_number"];
    const numbers = names.map((name): Column => ({ name, type: "number", sql: "BIGINT" }));
    for (const count of [0, 50, 40_000])
      for (const all of [numbers, numbers.slice(0, 2)]) {
        const rows = Array.from({ length: count }, (_, id) => Object.fromEntries(all.map(({ name }) => [name, -id])));
        const table = await workspace.tables.fromRows(rows, all);
        const expected = [7, 39_999].filter((id) => id < count);
        expect(await ids(table, '"row number" in (-7, -39999)')).toEqual(expected);
        expect(await ids(table, '"ROW NUMBER_" = $a or "row number" = $b', { a: -39_999, b: -7 })).toEqual(expected);
        expect(await ids(table, "true")).toHaveLength(count);
      }
  });

  test("are told of nothing else: a condition reads no other table and no file", async () => {
    const table = await workspace.tables.fromRows(Array.from({ length: 200 }, (_, id) => ({ id })));
    const file = `${workspace.folders.files}/${table.hash}.parquet`;
    for (const [where, code] of [
      [`id in (select id from '${file}')`, "sql.forbidden"],
      [`id in (select id from read_parquet('${file}'))`, "sql.forbidden"],
      ["id in (select 1 from duckdb_settings())", "sql.forbidden"],
      ["getenv('HOME') <> ''", "sql.forbidden"],
      ["true) union select 1 from duckdb_tables() where (true", "sql.forbidden"],
      ["true); drop table x; select 1 where (true", "sql.statement"],
      ["id >", "sql.syntax"],
      ["nothing = 1", "sql.name"],
    ] as const)
      await expect(ids(table, where), where).rejects.toMatchObject({ code });
    expect(await ids(table, "id > 197")).toEqual([198, 199]);
  });

  test("are no longer looked for once they are not wanted", async () => {
    const table = await workspace.tables.fromRows(Array.from({ length: 200 }, (_, id) => ({ id })));
    const stop = new AbortController();
    const endless = "(select count(*) from range(100000000000) r(i) where i % 7 = id) > 0";
    const asked = workspace.tables.admitted(table, endless, {}, stop.signal);
    setTimeout(() => stop.abort(new Error("enough")), 50);
    await expect(asked).rejects.toThrow("enough");
    expect(await ids(table, "id = 3")).toEqual([3]);
  });
});
