import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SqlAnalysis, SqlColumn, SqlName } from "#server/notebook/sql-analysis.ts";
import { temporaryTables, type TemporaryTables } from "./__fixtures__/temporary-tables.ts";

let workspace: TemporaryTables;
beforeAll(async () => {
  workspace = await temporaryTables();
});
afterAll(() => workspace[Symbol.asyncDispose]());

async function analyse(
  sql: string,
  kind: "statement" | "expression" = "statement",
): Promise<SqlAnalysis & { ok: true }> {
  const analysis = await workspace.tables.analyse(sql, kind);
  if (!analysis.ok) throw new Error(`${analysis.message} in ${sql}`);
  return analysis;
}

/** Names as they stand in the text, which their places must cut out exactly. */
const cut = (sql: string, names: readonly SqlName[]) =>
  names.map(({ position }) => sql.slice(position.offset, position.offset + position.length));
const tablesOf = async (sql: string) => cut(sql, (await analyse(sql)).tables);

describe("the tables of a statement", () => {
  test.each<[string, string[]]>([
    ["from tickets", ["tickets"]],
    ["table tickets", ["tickets"]],
    ["select 1", []],
    [
      "select 'é\u{1f600}' as \"\u{1f600}\" from triage.correct, 'banking77/train.csv' b",
      ["triage.correct", "'banking77/train.csv'"],
    ],
    ["from\u00a0\u3000 'a\u00a0b.csv'\u200bas x, \ufeff\u2003tickets", ["'a\u00a0b.csv'", "tickets"]],
    ['from "a ""b"" c" join "x"."y.z" using (k)', ['"a ""b"" c"', '"x"."y.z"']],
    ["from triage /* of */ . -- the sheet\n correct", ["triage /* of */ . -- the sheet\n correct"]],
    [
      "select (select max(x) from a), exists (from b) from c where d in (from e) order by (from f limit 1)",
      ["a", "b", "c", "e", "f"],
    ],
    ["from a, lateral (from b), (values (1)) v, range(3), (from c union from d)", ["a", "b", "c", "d"]],
    ["describe tickets", ["tickets"]],
    ["summarize tickets", ["tickets"]],
    ["unpivot tickets on a into name n value v", ["tickets"]],
    ["from (pivot tickets on a in (1) using sum(b))", ["tickets"]],
    ["with a as (from b) from a", ["b"]],
    ["with a as (from b) from A, a as c", ["b"]],
    ["with tickets as (from tickets) from tickets", ["tickets"]],
    ["with a as (from b), b as (from a) from b", ["b"]],
    ["with a as (with b as (from c) from b) from a, b", ["c", "b"]],
    ["with recursive r as (select 1 union all from r, s) from r", ["s"]],
    ["with recursive r(k) using key (k) as (select 1 union from recurring.r, s) from r", ["s"]],
    ["from (with a as (from x) from a), a", ["x", "a"]],
    ["select (with a as (from x) select 1 from a, b) from a, b", ["x", "b", "a", "b"]],
    ["with a as materialized (from x) (from a union all (with a as (from y) from a))", ["x", "y"]],
    ["from a where x in (with a as (from b) from a)", ["a", "b"]],
    ["with a as (from b) from s.a", ["b", "s.a"]],
    ["from t tablesample 10% (bernoulli, 1)", ["t"]],
  ])("%s", async (sql, expected) => {
    expect(await tablesOf(sql)).toEqual(expected);
  });

  test("are given in parts without quotes", async () => {
    const { tables } = await analyse('from "Two Words"."x.y", \'a/b.csv\'');
    expect(tables.map(({ parts }) => parts)).toEqual([["Two Words", "x.y"], ["a/b.csv"]]);
  });
});

describe("columns named through a table", () => {
  test.each<[string, string[]]>([
    ["select tickets.text, text, tickets.* from tickets", ["tickets.text", "tickets.*"]],
    ["select tickets.text from tickets t, (from x) tickets", []],
    ["select T.text, tickets.text from tickets t", []],
    ["select Tickets.text from tickets", ["Tickets.text"]],
    ["with tickets as (from x) select tickets.text, x.a from tickets", []],
    ["select (select tickets.id + u.id from u) from tickets", ["tickets.id", "u.id"]],
    ["select (select tickets.id from u tickets) from tickets", []],
    ["select triage.correct.score, correct.score from triage.correct", ["triage.correct.score", "correct.score"]],
    ['select "tickets" . "text" from tickets', ['"tickets" . "text"']],
    ["select tickets.a.b.c from tickets join u on tickets.id = u.id", ["tickets.a.b.c", "tickets.id", "u.id"]],
    ["select s.tickets.a from x s, tickets", []],
  ])("%s", async (sql, expected) => {
    expect(cut(sql, (await analyse(sql)).qualifiers)).toEqual(expected);
  });
});

describe("the columns of an expression", () => {
  test.each<[string, string[]]>([
    ["length(text) > 3 and not done", ["text", "done"]],
    ["'\u{1f600}' || text || \"a b\"", ["text", '"a b"']],
    ["case when a then b else c end", ["a", "b", "c"]],
    ["list_transform(a, lambda x: x + y)", ["a", "y"]],
    ["list_reduce(a, lambda x, i: x.z + i + x)", ["a"]],
    ["[x * k for x in xs if x > m]", ["k", "xs", "m"]],
    ["payload -> 'a' ->> 'b'", ["payload"]],
    ["(select max(b) from t where t.c = a)", ["b", "t.c", "a"]],
    ["sum(a) filter (b) over (partition by c order by d)", ["a", "b", "c", "d"]],
    ["a.b.c", ["a.b.c"]],
    ["a -- the end", ["a"]],
    ["cast(a as decimal(10, 2))::varchar", ["a"]],
    ["1", []],
    ["(select max(x) from unnest(a) as t(x))", ["x", "a"]],
  ])("%s", async (sql, expected) => {
    expect(cut(sql, (await analyse(sql, "expression")).columns)).toEqual(expected);
  });

  test.each<[string, { readonly [column: string]: "certain" | "maybe" | undefined }]>([
    ["a + b.c", { a: undefined, "b.c": undefined }],
    ["(select max(x) from (select 1 as x, y) s where x > a)", { x: "certain", y: undefined, a: undefined }],
    ["(select max(x) from unnest(a) as t(x))", { x: "certain", a: undefined }],
    ["(select count(*) from range(3) r where r.range < a)", { "r.range": "certain", a: "maybe" }],
    ["(select max(range) from range(a))", { range: "maybe", a: undefined }],
    ["(with c as (select a as x) select sum(c.x) from c)", { a: undefined, "c.x": "certain" }],
    ["(select max(x) from (select x from (select 1 as x)))", { x: "certain" }],
    ["(select max(x) from (select * from (values (1)) v(x)))", { x: "maybe" }],
    ["(select sum(x) as total from (select 1 as x) having total > a)", { x: "certain", total: "maybe", a: undefined }],
    ["list_transform(a, lambda x: x + y)", { a: undefined, y: undefined }],
  ])("and which of them are those of its own tables: %s", async (sql, expected) => {
    const { columns } = (await analyse(sql, "expression")) as { readonly columns: readonly SqlColumn[] };
    expect(Object.fromEntries(columns.map(({ parts, within }) => [parts.join("."), within]))).toEqual(expected);
  });

  test.each([
    "a, b",
    "a as x",
    "a) from (select 1",
    "a) where (true",
    "1) limit (1",
    "select 1 from t",
    "a;",
    "",
    "a) union select (b",
    "*",
    "columns(*)",
    "a b",
    "x: a",
    "distinct a",
    "a limit 1",
    "a union select b",
    "a from t",
    "a -- comment\n, b",
    "a /*",
    "a; -- end",
    "unnest(a)",
    "1 + UNNEST(a)",
    "columns('a')",
  ])("%j is not one expression", async (sql) => {
    expect(await workspace.tables.analyse(sql, "expression")).toMatchObject({
      ok: false,
      position: { line: expect.any(Number) },
    });
  });
});

test("the table of a `columns(table.*)` stands within its parentheses", async () => {
  const sql = "select columns(t.*), columns ( /* all */ t . * exclude (a)), t.* from t";
  expect(cut(sql, (await analyse(sql)).qualifiers)).toEqual(["t.*", "t . *", "t.*"]);
});

describe("parameters", () => {
  test("are found outside of strings, quoted names and comments", async () => {
    const sql = `select $a, '$b', "$c", $$ $d $$, $tag$ $e $tag$, e'\\'$f', /* $g /* $h */ $i */ $j -- $k
      , '\u{1f600}', $l1_x, a$m from (select 1 as "$c", 2 as a$m)`;
    expect(cut(sql, (await analyse(sql)).parameters)).toEqual(["$a", "$j", "$l1_x"]);
  });
});

describe("volatile functions", () => {
  test.each<[string, string[]]>([
    ["select random(), UUID(), now(), nextval('s')", ["random", "uuid", "now", "nextval"]],
    ["select current_date, current_timestamp", ["current_date", "current_timestamp"]],
    ['select "current_date" from t', []],
    ["select age(a), age(a, b) from t", ["age"]],
    ["select current_database()", ["current_database"]],
    ["select age(a, b) from t", []],
    ["from t order by random()", ["random"]],
    ["from t using sample 5", ["sample"]],
    ["from t using sample 5 (reservoir, 7)", []],
    ["select 'random()' as \"now\" from t", []],
  ])("%s", async (sql, expected) => {
    expect((await analyse(sql)).volatile.toSorted()).toEqual(expected.toSorted());
  });
});

describe("a text that does not parse", () => {
  test.each([
    ["select 'é\u{1f600}' fro m t x", 1, 18],
    ["select 'é\u{1f600}\u{1f600}', 'unclosed", 1, 17],
    ["select *\nfrom t where", 2, 13],
    ["insert into t values (1)", 1, 1],
    ["select 1; select 2", 1, 1],
    ["", 1, 1],
  ])("has a message and a position: %j", async (sql, line, column) => {
    const analysis = await workspace.tables.analyse(sql, "statement");
    expect(analysis).toMatchObject({ ok: false, message: expect.stringMatching(/./), position: { line, column } });
  });

  test.each([
    ["from left", "left"],
    ["select * from Left where a", "Left"],
    ["from a\njoin right on true", "right"],
    ["from (from inner)", "inner"],
    ["select left.a from a", "left"],
    ["from left join b on true", "left"],
  ])("because a table's name is a word of SQL says to put it in quotes: %j", async (sql, name) => {
    const cure = `As the name of a table \`${name}\` needs quotes: \`"${name}"\`.`;
    expect(await workspace.tables.analyse(sql, "statement")).toMatchObject({ ok: false, cure });
    const quoted = sql.replace(new RegExp(`\\b${name}\\b`), `"${name}"`);
    expect(await workspace.tables.analyse(quoted, "statement")).toMatchObject({ ok: true });
  });

  test.each(["from a left b", "select from", "from left_one join b on"])(
    "for another reason does not: %j",
    async (sql) => {
      expect(await workspace.tables.analyse(sql, "statement")).toMatchObject({
        ok: false,
        cure: "Correct the SQL here.",
      });
    },
  );

  test("of any kind is an answer, and names that are found stand in the text", async () => {
    const token = fc.constantFrom(
      ..."select from with as ( ) , . ; $a $$ ' \" -- /* */ \n a b t.c 1 \u{1f600} é * join on where [ ] { } : -> lambda x: in 'x' \"y\" values group by all".split(
        " ",
      ),
    );
    const statement = fc.array(token, { maxLength: 14 }).map((tokens) => tokens.join(" "));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          statement,
          statement.map((rest) => `select ${rest}`),
          fc.string({ unit: "binary" }),
        ),
        async (sql) => {
          for (const kind of ["statement", "expression"] as const) {
            const analysis = await workspace.tables.analyse(sql, kind);
            if (!analysis.ok) continue;
            const { tables, columns, qualifiers, parameters } = analysis;
            for (const { parts, position } of [...tables, ...columns, ...qualifiers, ...parameters]) {
              const text = sql.slice(position.offset, position.offset + position.length);
              for (const part of parts) expect(text).toContain(part);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test("deeper than any statement people write ends as an answer too", async () => {
    for (const sql of [
      `select ${"(".repeat(50_000)}1${")".repeat(50_000)}`,
      `select ${"-".repeat(50_000)}1`,
      `select ${"1+".repeat(50_000)}1`,
    ])
      expect(await workspace.tables.analyse(sql, "statement").catch((error: Error) => error)).toBeDefined();
    expect(await tablesOf("from t")).toEqual(["t"]);
  });
});
