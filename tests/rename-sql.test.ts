import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { applyOperation } from "#server/notebook/apply-operation.ts";
import { cellsOf } from "#server/notebook/cells-of.ts";
import { parseNotebook } from "#server/notebook/format.ts";
import type { SqlAnalysis } from "#server/notebook/sql-analysis.ts";
import { temporaryTables, type TemporaryTables } from "#server/tables/__fixtures__/temporary-tables.ts";

let workspace: TemporaryTables;
beforeAll(async () => {
  workspace = await temporaryTables();
});
afterAll(() => workspace[Symbol.asyncDispose]());

/** The notebook after a rename, its SQL read by DuckDB. */
async function renamed(text: string, cell: string, to: string): Promise<string> {
  const analyses = new Map<string, SqlAnalysis>();
  for (const { cell } of cellsOf(parseNotebook(text))) {
    if (cell.kind !== "sql" && cell.kind !== "formula") continue;
    analyses.set(
      cell.name,
      await workspace.tables.analyse(cell.source, cell.kind === "sql" ? "statement" : "expression"),
    );
  }
  const applied = applyOperation(text, { type: "rename", cell, to }, { sql: ({ name }) => analyses.get(name) });
  expect(applied.warnings).toEqual([]);
  return applied.text;
}

const notebook = (sql: string, formula: string): string =>
  `---\nsheaf: 1\ninputs: { message: string }\n---\n\`\`\`js topic\n\`\`\`\n~~~~sheet triage\n~~~js correct\n~~~\n~~~~\n\`\`\`sql q\n${sql}\n\`\`\`\n\`\`\`formula f\n${formula}\n\`\`\`\n`;

test.each([
  [
    "a table, its columns and its quoted name",
    "topic",
    'select topic.x, "topic".y, \'topic\' from topic join "topic" b on b.k = topic.k',
    'select answer.x, "answer".y, \'topic\' from answer join "answer" b on b.k = answer.k',
  ],
  [
    "no common table expression, alias, column, string or comment of the name",
    "topic",
    "with topic as (select 1 as topic) select topic.topic, 'topic' from topic -- topic\n",
    "with topic as (select 1 as topic) select topic.topic, 'topic' from topic -- topic\n",
  ],
  ["no alias", "topic", "select topic.x from other topic", "select topic.x from other topic"],
  [
    "a table that a common table expression of its name reads",
    "topic",
    "with topic as (from topic) from topic",
    "with topic as (from answer) from topic",
  ],
  [
    "a table in another case, behind letters of two code units",
    "topic",
    "select '😀' as \"é😀\" from TOPIC",
    "select '😀' as \"é😀\" from answer",
  ],
  ["a parameter", "message", "select $message, '$message' -- $message\n", "select $answer, '$message' -- $message\n"],
  [
    "a path with comments between",
    "triage.correct",
    "select 1 from triage /* of */ . -- the sheet\n correct",
    "select 1 from triage /* of */ . -- the sheet\n answer",
  ],
  ["a path's sheet", "triage", 'select x from "triage"."correct", triage', 'select x from "answer"."correct", answer'],
])("a rename in SQL reaches %s", async (_, cell, sql, expected) => {
  const [kind, name] = cell === "message" ? ["message: string", "answer: string"] : [`js ${cell}\n`, "js answer\n"];
  const before = notebook(sql, "1 + 1");
  const after = await renamed(before, cell, "answer");
  const declared = before
    .replace(kind, name)
    .replace("sheet triage", cell === "triage" ? "sheet answer" : "sheet triage");
  const inner = cell === "triage.correct" ? declared.replace("js correct\n", "js answer\n") : declared;
  expect(after).toBe(inner.replace(sql, () => expected));
});

test("a rename reaches the names in a formula", async () => {
  const after = await renamed(notebook("select 1", "topic * 2 + length('topic') + price"), "topic", "answer");
  expect(after).toContain("\nanswer * 2 + length('topic') + price\n");
});

const priced = (formula: string, sheet = "", above = ""): string =>
  `---\nsheaf: 1\ninputs: { rate: number, share: number }\noutputs: [twice]\n---\n\`\`\`data rows\nid,price,rate\n1,2,3\n\`\`\`\n\`\`\`js price\nreturn 100\n\`\`\`\n\`\`\`js twice\nreturn share * 2\n\`\`\`\n${above}~~~~sheet s\n---\nrows: rows\n${sheet}---\n~~~js own\nreturn 1\n~~~\n~~~formula f\n${formula}\n~~~\n~~~~\n`;

describe("a rename in a formula of a sheet", () => {
  const formula = async (source: string, cell: string, to: string, sheet?: string): Promise<string> =>
    /~~~formula f\n(.*)\n~~~/.exec(await renamed(priced(source, sheet), cell, to))![1]!;

  test("follows a cell or an input outside by `$name` alone: the bare name is the row's column", async () => {
    expect(await formula("price * 10 + $price", "price", "cost")).toBe("price * 10 + $cost");
    expect(await formula("rate * 10 + $rate", "rate", "part")).toBe("rate * 10 + $part");
    expect(await formula("twice + $twice", "twice", "double")).toBe("twice + $double");
  });

  test("follows the sheet's cells, its columns and the inputs its rows give by their bare names too", async () => {
    expect(await formula("own + $own + price", "s.own", "mine")).toBe("mine + $mine + price");
    const given = "with: { share: =row.id }\n";
    expect(await formula("share + $share", "share", "part", given)).toBe("part + $part");
    expect(await formula("twice + $twice", "twice", "doubled", given)).toBe("doubled + $doubled");
    expect(await formula("twice + $twice", "twice", "doubled", `${given}columns: [twice]\n`)).toBe(
      "doubled + $doubled",
    );
    expect(await formula("twice + $twice", "twice", "doubled", `${given}columns: [f]\n`)).toBe("twice + $doubled");
  });

  test("is refused where what a lambda takes has the new name", async () => {
    for (const sql of [
      "list_sum(list_transform([1], o -> o + own))",
      "list_transform([1], lambda o: o + own)",
      "[own + o for o in [1]]",
    ]) {
      await expect(formula(sql, "s.own", "o"), sql).rejects.toMatchObject({
        code: "operation.would-capture",
        message: "in `f`: `o` is a name that the SQL gives there itself",
      });
      expect(await formula(sql, "s.own", "mine")).toBe(sql.replace("own", "mine"));
    }
  });

  test("is refused where the row's column of the new name would be covered", async () => {
    await expect(formula("own + price", "s.own", "id")).resolves.toBe("id + price");
    await expect(formula("own + id", "s.own", "id")).rejects.toMatchObject({
      code: "operation.would-capture",
      message: "in `f`: `id` is the row's column there",
    });
    await expect(formula("rate + id", "price", "id")).resolves.toBe("rate + id");
    await expect(formula("id", "share", "id", "with: { share: =row.id }\n")).rejects.toMatchObject({
      code: "operation.would-capture",
    });
  });
});

/** A notebook whose sheet `s` has the cells `f` and, from above, `outr`, and a cell `q` of SQL. */
const read = (sql: string): string =>
  `---\nsheaf: 1\ninputs: { share: number }\n---\n\`\`\`data rows\nid,price\n1,2\n\`\`\`\n\`\`\`js outr\nreturn share * 2\n\`\`\`\n~~~~sheet s\n---\nrows: rows\nwith: { share: =row.id }\n---\n~~~js f\nreturn outr\n~~~\n~~~js g\nreturn f\n~~~\n~~~~\n\`\`\`sql q\n${sql}\n\`\`\`\n`;

type Known = NonNullable<Parameters<typeof applyOperation>[2]>["columns"];

async function sqlAfter(sql: string, cell: string, to: string, columns?: Known) {
  const text = read(sql);
  const analysis = await workspace.tables.analyse(sql, "statement");
  const applied = applyOperation(
    text,
    { type: "rename", cell, to },
    { sql: ({ kind }) => (kind === "sql" ? analysis : undefined), ...(columns === undefined ? {} : { columns }) },
  );
  const after = /```sql q\n([^]*)\n```\n/.exec(applied.text)![1]!;
  expect(await workspace.tables.analyse(after, "statement")).toMatchObject({ ok: true });
  return { sql: after, warnings: applied.warnings.map(({ message }) => message) };
}

describe("a rename of a sheet's cell in SQL", () => {
  test.each([
    ["select f from s.f", "select ff as f from s.ff"],
    [
      "select f + 1 from s.f where f > 1 group by f having max(f) > 0",
      "select ff + 1 from s.ff where ff > 1 group by ff having max(ff) > 0",
    ],
    ["select id, f from s", "select id, ff as f from s"],
    [
      "select x.f, x.id from s.f x join other on other.id = x.f",
      "select x.ff as f, x.id from s.ff x join other on other.id = x.ff",
    ],
    ["select f.f, s.f.f from s.f", "select ff.ff as f, s.ff.ff as f from s.ff"],
    ["select s.f from s.f", "select s.ff as f from s.ff"],
    ["select s.f from s", "select s.ff as f from s"],
    ["select f as result, max(f) from s.f group by all", "select ff as result, max(ff) from s.ff group by all"],
    ["with a as (select f from s.f) select f from a", "with a as (select ff as f from s.ff) select f from a"],
    ["select -f as f from s.f order by f", "select -ff as f from s.ff order by f"],
    ["select f from s.f order by f", "select ff as f from s.ff order by ff"],
    ["select f from s.f union select 1 order by f", "select ff as f from s.ff union select 1 order by f"],
    ["select id from s.f where f in (select f from other)", "select id from s.ff where ff in (select f from other)"],
  ])("follows the column that is the cell's, and what is read keeps its name: %s", async (sql, expected) => {
    const { sql: after, warnings } = await sqlAfter(sql, "s.f", "ff");
    expect(after).toBe(expected);
    expect(warnings).toEqual(sql.includes("select f from other") ? [expect.any(String)] : []);
  });

  test.each([
    "select f from s.g",
    "select f from s.g join other using (id)",
    "select f from s join other using (id)",
    "select id from s join other using (f)",
    "select * exclude (f) from s",
    "select * replace (1 as f) from s",
    "with a as (from s) select f from a",
    "select f from (select * from s.g)",
    "select x.f from (from s) x",
    "select (select max(id) from other where k = f) from s",
    "select -f as f from s group by all having f < 0",
    "select f from s.f as t(id, f)",
    "from (unpivot s on f into name n value v)",
  ])("warns where it cannot know of which table a column is, or where it stands: %s", async (sql) => {
    const { warnings } = await sqlAfter(sql, "s.f", "ff");
    expect(warnings).toEqual(["`q` reads a column `f`, which may be the renamed one of `s`; it is left as it is"]);
  });

  test.each(["select f from other", "with a as (select 1 as f from s) select f from a", "select 1 as f from s.g"])(
    "says nothing of what is another's for certain: %s",
    async (sql) => {
      expect(await sqlAfter(sql, "s.f", "ff")).toEqual({ sql, warnings: [] });
    },
  );

  test("leaves a column that the rows have", async () => {
    const rows: Known = (cell) => (cell === "rows" ? ["id", "F"] : undefined);
    expect(await sqlAfter("select f from s.f", "s.f", "ff", rows)).toEqual({
      sql: "select f from s.ff",
      warnings: [],
    });
  });
});

test("a rename of a cell in a sheet over a written list reaches SQL and charts as before a run after one", async () => {
  const chart = "```chart c\ndata: s\ntype: bar\nx: item\ny: f\n```\n";
  const text = `---\nsheaf: 1\n---\n~~~~sheet s\n---\nrows: [red, green]\n---\n~~~js f\nreturn item\n~~~\n~~~~\n\`\`\`sql q\nselect item, f from s\n\`\`\`\n${chart}`;
  const analysis = await workspace.tables.analyse("select item, f from s", "statement");
  for (const columns of [undefined, ["item", "index", "f"]]) {
    const known: Known = (cell) => (cell === "s" ? columns : undefined);
    const analyses = { sql: () => analysis, columns: known };
    const applied = applyOperation(text, { type: "rename", cell: "s.f", to: "ff" }, analyses);
    expect(applied.text).toBe(
      text.replace("js f", "js ff").replace("item, f", "item, ff as f").replace("y: f", "y: ff"),
    );
    expect(applied.warnings).toEqual([]);
  }
});

test("a rename of a cell above reaches the tables of the sheets that compute it, and warns of its column in those of readers", async () => {
  expect(await sqlAfter("select outr from s.outr", "outr", "outer_one")).toEqual({
    sql: "select outer_one as outr from s.outer_one",
    warnings: [],
  });
  expect(await sqlAfter("select outr from s.f", "outr", "outer_one")).toEqual({
    sql: "select outr from s.f",
    warnings: ["`q` reads a column `outr`, which may be the renamed one of `s`; it is left as it is"],
  });
});

describe("a rename of a table in SQL", () => {
  test.each([
    "with lines as (select 1) from rows",
    "with recursive lines as (select 1) from rows",
    "with x as (select 1), lines as (select 2) from rows",
    'with "lines" as (select 1) from rows',
    "WITH Lines AS (select 1) from rows",
    "with lines (a) as (select 1) from rows",
    "with lines as not materialized (select 1) from rows",
    "from outr lines where exists (select 1 from rows where rows.id = lines.id)",
    "select rows.id from rows join outr as Lines using (id)",
    "from (from rows) lines where id in (select rows.id from rows)",
    "from range(3) lines(n) join rows on rows.id = n",
    "from (values (1)) lines(n), rows where rows.id = n",
    "from s pivot (max(id) for id in (1, 2)) lines join rows using (id)",
  ])("is refused where the SQL itself gives the name: %s", async (sql) => {
    await expect(sqlAfter(sql, "rows", "lines")).rejects.toMatchObject({
      code: "operation.would-capture",
      message: "in `q`: `lines` is a name that the SQL gives there itself",
      cure: "Choose another name, or rename what the SQL calls so.",
    });
  });

  test("is not refused for a column of the new name, nor in SQL that does not read it", async () => {
    const read = "with lines as (select 1) select * from outr";
    expect((await sqlAfter(read, "rows", "lines")).sql).toBe(read);
    expect((await sqlAfter("select rows.id as lines from rows", "rows", "lines")).sql).toBe(
      "select lines.id as lines from lines",
    );
    expect((await sqlAfter("with ff as (select 1) select f from s.f", "s.f", "ff")).sql).toBe(
      "with ff as (select 1) select ff as f from s.ff",
    );
  });

  test("is refused where a column of the new name would be read in place of its whole row", async () => {
    const columns: Known = (cell) => (cell === "rows" ? ["id", "price"] : cell === "outr" ? ["n", "lines"] : undefined);
    const captured = { code: "operation.would-capture", message: expect.stringContaining("whole rows") as string };
    await expect(sqlAfter("select rows from rows", "rows", "price", columns)).rejects.toMatchObject(captured);
    await expect(sqlAfter("select 1 as lines, rows from rows", "rows", "lines", columns)).rejects.toMatchObject(
      captured,
    );
    await expect(sqlAfter("select rows.id from rows", "rows", "price", columns)).resolves.toMatchObject({
      sql: "select price.id from price",
    });
  });

  test("follows its name where that is the whole row", async () => {
    expect(await sqlAfter("select rows, rows.id from rows", "rows", "lines")).toEqual({
      sql: "select lines as rows, lines.id from lines",
      warnings: [],
    });
    expect((await sqlAfter("select x, to_json(rows) from rows", "rows", "lines")).sql).toBe(
      "select x, to_json(lines) from lines",
    );
  });

  test("leaves a column of its name that its rows begin with, and warns where nothing tells its columns", async () => {
    const selected = async (data: string) => {
      const text = `---\nsheaf: 1\n---\n${data}\n\`\`\`sql q\nselect text, 1 as one from text\n\`\`\`\n`;
      const analysis = await workspace.tables.analyse("select text, 1 as one from text", "statement");
      const own = await workspace.tables.analyse("select 1 as text", "statement");
      const sql = ({ name }: { readonly name: string }) => (name === "q" ? analysis : own);
      const applied = applyOperation(text, { type: "rename", cell: "text", to: "lines" }, { sql });
      return [/```sql q\n(.*)\n/.exec(applied.text)![1], applied.warnings.length];
    };
    const rows = (text: string, settings = ""): string => `\`\`\`data text\n${settings}${text}\n\`\`\``;
    const left = "select text, 1 as one from lines";
    for (const own of ["id,text\n1,a", '"Text";n\na;1', "\n id | text \n1 | a"])
      expect(await selected(rows(own)), own).toEqual([left, 0]);
    expect(await selected(rows("id,n\n1,2"))).toEqual(["select lines as text, 1 as one from lines", 0]);
    for (const unknown of [
      rows('{"text": 1}'),
      rows("- text: 1"),
      rows("[]", "---\nformat: json\n---\n"),
      rows("", "---\nfile: a.csv\n---\n"),
      "```sql text\nselect 1 as text\n```",
    ])
      expect(await selected(unknown), unknown).toEqual([left, 1]);
  });

  test("leaves a column of its name, and warns where another table may have one", async () => {
    const own: Known = (cell) => (cell === "rows" ? ["id", "rows"] : undefined);
    expect(await sqlAfter("select rows from rows", "rows", "lines", own)).toEqual({
      sql: "select rows from lines",
      warnings: [],
    });
    expect(await sqlAfter("select rows from rows, other", "rows", "lines")).toEqual({
      sql: "select rows from lines, other",
      warnings: ["`q` reads a column `rows`, which may be the renamed one of `rows`; it is left as it is"],
    });
  });
});
