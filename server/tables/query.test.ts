import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Datum, Table } from "#server/notebook/value.ts";
import { temporaryTables, type TemporaryTables } from "./__fixtures__/temporary-tables.ts";

let workspace: TemporaryTables;
let big: Table;
let small: Table;
beforeAll(async () => {
  workspace = await temporaryTables();
  big = await workspace.tables.fromRows(
    Array.from({ length: 3000 }, (_, id) => ({ id, x: id / 3, text: `row ${id}` })),
  );
  small = await workspace.tables.fromRows([
    { a: 1, b: "x" },
    { a: 2, b: null },
  ]);
});
afterAll(() => workspace[Symbol.asyncDispose]());

function run(
  sql: string,
  parameters: { readonly [name: string]: Datum } = {},
  tables: { readonly [name: string]: Table } = { big, small },
) {
  return workspace.tables.query({ sql, tables, parameters });
}
const rows = async (...call: Parameters<typeof run>) => (await run(...call)).rows;

describe("tables of a query", () => {
  test("have the names of cells, of results within sheets and of dataset files, whatever their case", async () => {
    const tables = { triage: small, "triage.correct": big, "banking77/train.csv": small, "a.b": small };
    expect(await rows("select a from triage where b is null", {}, tables)).toEqual([[2]]);
    expect(
      await rows("select t.a, c.id from TRIAGE t join Triage.Correct c on c.id = t.a order by a", {}, tables),
    ).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(await rows("select correct.id, triage.correct.x from triage.correct limit 1", {}, tables)).toEqual([[0, 0]]);
    expect(await rows("select count(*) from 'banking77/train.csv'", {}, tables)).toEqual([[2]]);
    expect(await rows('select count(*) from "banking77/train.csv", a.b', {}, tables)).toEqual([[4]]);
  });

  test("may have names that DuckDB uses itself", async () => {
    for (const name of ["duckdb_tables", "sqlite_master", "pg_tables", "sheaf_result", "t", "main"])
      expect(await rows(`select a from ${name}`, {}, { [name]: small }), name).toEqual([[1], [2]]);
  });

  test("within a sheet that is called as a schema of DuckDB's own are an error that says so", async () => {
    for (const name of ["temp", "System", "information_schema", "pg_catalog"])
      await expect(run(`from ${name}.correct`, {}, { [`${name}.correct`]: small })).rejects.toMatchObject({
        code: "sql.own-schema",
        cure: "Give the sheet another name.",
        position: { offset: 5 },
      });
    expect(await rows("select a from main.correct", {}, { "main.correct": small })).toEqual([[1], [2]]);
  });

  test("that differ in case alone are not read as one", async () => {
    const tables = { "a/B.csv": big, "a/b.csv": small };
    expect(await rows("select count(*) from 'a/b.csv'", {}, tables)).toEqual([[2]]);
    await expect(run("from 'a/B.csv', 'a/b.csv'", {}, tables)).rejects.toMatchObject({
      code: "sql.same-name",
      position: { offset: 16, length: 9 },
    });
  });

  test("that are not given are an error with place and nearest name", async () => {
    await expect(run("select *\nfrom bigg, 'big'")).rejects.toMatchObject({
      code: "sql.unknown-table",
      cure: "Did you mean big?",
      position: { line: 2, column: 6, offset: 14, length: 4 },
    });
    await expect(run("from far.away.table")).rejects.toMatchObject({ code: "sql.unknown-table" });
    await expect(run("from constructor")).rejects.toMatchObject({ code: "sql.unknown-table" });
  });
});

describe("parameters of a query", () => {
  test("are bound by their types", async () => {
    const sql =
      "select typeof($a) a, typeof($b) b, typeof($c) c, typeof($d) d, typeof($e) e, typeof($f) f, typeof($g) g";
    const values = { a: 1, b: 1.5, c: "x", d: true, e: ["x", null], f: { n: 1, l: [1, 2.5] }, g: 2n ** 80n };
    expect(await rows(sql, values)).toEqual([
      ["BIGINT", "DOUBLE", "VARCHAR", "BOOLEAN", "VARCHAR[]", "STRUCT(n BIGINT, l DOUBLE[])", "HUGEINT"],
    ]);
    expect(
      await rows("select $n as n, $l as l, $e as e, $s as s", { n: null, l: [], e: {}, s: "it's; $x --" }),
    ).toEqual([[null, [], "{}", "it's; $x --"]]);
    expect(await rows("select a from small where a in (select unnest($ids)) limit $k", { ids: [2, 3], k: 5 })).toEqual([
      [2],
    ]);
  });

  test("that are JSON text may end in half a character", async () => {
    const mixed = ["\u{1f600}".slice(0, 1), 1];
    expect(await rows("select ($mixed::json)[0] as half", { mixed })).toEqual([["\ufffd"]]);
  });

  test("whose keys SQL does not tell apart are JSON text", async () => {
    const values = { a: { x: 1, X: [2, 1 / 0] }, b: [{ "": "y" }], c: { d: { e: 1, E: 2 } } };
    expect(await rows("select $a as a, $b as b, $c.d as c, $a::json->>'X' as x", values)).toEqual([
      ['{"x":1,"X":[2,"Infinity"]}', ['{"":"y"}'], '{"e":1,"E":2}', '[2,"Infinity"]'],
    ]);
  });

  test("that have no value are an error with place and nearest name, and others do no harm", async () => {
    await expect(run("select $lmit", { limit: 1 })).rejects.toMatchObject({
      code: "sql.unknown-parameter",
      cure: "Did you mean $limit?",
      position: { offset: 7, length: 5 },
    });
    await expect(run("select $toString")).rejects.toMatchObject({ code: "sql.unknown-parameter" });
    await expect(run("select ?")).rejects.toMatchObject({ code: "sql.unknown-parameter" });
    await expect(run("select $1")).rejects.toMatchObject({ code: "sql.unknown-parameter" });
    expect(await rows('select \'$a\', "$b", $$ $c $$ -- $d\n from (select 1 as "$b")', { unused: 1 })).toEqual([
      ["$a", 1, " $c "],
    ]);
  });
});

describe("the result of a query", () => {
  test("is the same each time, also a sum of fractions, and keeps its order", async () => {
    // As many groups of rows as threads could share, in a file: of a `range` one thread would take all.
    const groups = await run("select i, 1 / (i + 1) as x from range(600000) r(i)");
    const ofFormula = 'select (\n(select sum(x) from groups)\n) as "value" from small order by a';
    for (const sql of ["select avg(sin(x)) as a, sum(x) as s from groups", ofFormula]) {
      const sums = new Set<string>();
      for (let round = 0; round < 8; round += 1) sums.add((await run(sql, {}, { groups, small })).hash);
      expect(sums.size).toBe(1);
    }
    const ordered = await run("select id from big order by id desc");
    expect(await workspace.tables.rows(ordered, 0, 2)).toEqual([[2999], [2998]]);
  });

  test("has zones and clocks in UTC", async () => {
    expect(
      await rows(
        "select timestamptz '2026-06-01 12:00:00+02' as t, current_setting_free from (select 1 as current_setting_free)",
      ),
    ).toEqual([["2026-06-01T10:00:00Z", 1]]);
    expect(await rows("select strftime(timestamptz '2026-06-01 12:00:00+02', '%H:%M') as t")).toEqual([["10:00"]]);
  });

  test("has types that tables keep", async () => {
    const table = await run(
      "select 'a'::enum('a') e, '101'::bit b, union_value(n := 1) u, map {1: 'x'} m, [1]::int[1] l, time '10:00' t, sum(1) h, null as n",
    );
    expect(table.columns.map(({ sql }) => sql)).toEqual([
      "VARCHAR",
      "VARCHAR",
      "JSON",
      "MAP(VARCHAR, VARCHAR)",
      "INTEGER[]",
      "TIME",
      "HUGEINT",
      "INTEGER",
    ]);
    expect(table.rows).toEqual([["a", "101", expect.anything(), { 1: "x" }, [1], "10:00:00", 1, null]]);
  });

  test("has JSON as data also where only DuckDB reads it", async () => {
    const made = `select to_json({ a: 'nan'::double, b: '-inf'::double }) as made, '{"NaN, ]": [Infinity, "nan,]",]}'::json as said`;
    const expected = [{ a: "NaN", b: "-Infinity" }, { "NaN, ]": ["Infinity", "nan,]"] }];
    expect(await rows(made)).toEqual([expected]);
    const many = await run(`${made} from big`);
    expect(await workspace.tables.rows(many, 2999, 1)).toEqual([expected]);
  });

  test("may have equal names, which DuckDB then numbers", async () => {
    expect((await run("select 1 as a, 2 as a")).columns.map(({ name }) => name)).toEqual(["a", "a_1"]);
  });
});

describe("a query at a moment", () => {
  const moment = { clock: Date.UTC(2020, 1, 29, 13, 5, 6, 789), seed: 7 };
  const at = (sql: string, seed = moment.seed) =>
    workspace.tables.query({ sql, tables: { small, big }, parameters: {}, moment: { ...moment, seed } });

  test.each([
    ..."now() get_current_timestamp() transaction_timestamp() current_timestamp current_localtimestamp()".split(" "),
    ..."localtimestamp current_date today() current_time get_current_time() localtime current_localtime()".split(" "),
    ..."uuidv7() uuid() uuidv4() gen_random_uuid() random() ago(to_days(1)) age(make_date(2020,1,1))".split(" "),
    "age(timezone('UTC', make_timestamp(0)))",
    "list_transform([1, 2], lambda x: random())",
  ])("gives %s the same each time, under the name and of the type it has", async (expression) => {
    const sql = `select ${expression} from small`;
    const [once, again, now] = [await at(sql), await at(sql), await run(sql)];
    expect(again).toEqual(once);
    expect(once.columns).toEqual(now.columns);
    expect(once.rows).not.toEqual(now.rows);
    expect(await workspace.tables.analyse(sql, "statement")).toMatchObject({ volatile: [expect.any(String)] });
  });

  test("draws and shuffles the same rows from the same seed", async () => {
    for (const sql of [
      "select id from big using sample 5",
      "select id from big using sample 1% (bernoulli)",
      "select id from big order by random() limit 5",
    ]) {
      expect((await at(sql)).rows).toEqual((await at(sql)).rows);
      expect((await at(sql, 8)).rows).not.toEqual((await at(sql)).rows);
    }
  });

  test("leaves what has a clock's name and is none", async () => {
    const years = "timestamp '2001-01-01' as t, timestamp '2003-01-01' as u";
    expect(
      (await at(`select age(u, t), age(t, u), list_transform([t], lambda t: age(u, t)) from (select ${years})`)).rows,
    ).toEqual([["2 years", "-2 years", ["2 years"]]]);
    expect((await at('select "current_date", now from (select 1 as "current_date", 2 as now, random())')).rows).toEqual(
      [[1, 2]],
    );
  });

  test("is over with it: the next one's is its own, or the machine's", async () => {
    expect((await at("select epoch_ms(now())")).rows).toEqual([[moment.clock]]);
    const [[now]] = (await rows("select epoch_ms(now())")) as [[number]];
    expect(now).toBeGreaterThan(Date.UTC(2026, 0));
    expect(await rows("select random()")).not.toEqual((await at("select random()")).rows);
  });
});

describe("an error of a query", () => {
  test.each([
    ["select 'é\u{1f600}',\n foo from small", "sql.name", 'column "foo" not found', 2, 2, 3],
    ["select '\u00a0',\u00a0\u3000foo from\u00a0small", "sql.name", 'column "foo" not found', 1, 14, 3],
    ["select größe\u{1f600}, a from small", "sql.name", "größe", 1, 8, 7],
    ["selec 1", "sql.syntax", "syntax error", 1, 1, 5],
    ["select a + from small", "sql.syntax", "syntax error", 1, 12, 4],
    ["select nofunc(a) from small", "sql.name", "nofunc does not exist", 1, 8, 6],
    ["select b::date from small", "sql.value", "date", 1, 9, 1],
    ["describe select nope from small", "sql.name", "nope", 1, 17, 4],
    ["", "sql.statement", "no statement", 1, 1, 0],
    ["-- nothing", "sql.statement", "no statement", 1, 1, 10],
    ["select 1; select 2", "sql.statement", "not exactly one query", 1, 1, 18],
    ["select 1 from read_text('x')", "sql.forbidden", "read_text", 1, 15, 1],
  ])("has DuckDB's words and the place in the text: %j", async (sql, code, message, line, column, length) => {
    await expect(run(sql)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
      cure: expect.any(String),
      position: expect.objectContaining({ line, column, length }),
    });
  });

  test("whose result cannot be kept is in DuckDB's words too", async () => {
    const deep = Array.from({ length: 200 }).reduce<Datum>((inner) => [inner], 1);
    await expect(run("select $deep as deep", { deep })).rejects.toMatchObject({
      code: "sql.name",
      message: expect.stringMatching(/^Max expression depth limit/),
      cure: expect.any(String),
    });
  });

  test("keeps DuckDB's candidates", async () => {
    await expect(run("select aa from small")).rejects.toMatchObject({
      message: expect.stringContaining('Candidate bindings: "a"'),
    });
  });

  test("of too much memory is a value, and the next query runs", async () => {
    const error = await run("select list(i) from range(1000000000) r(i)").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "sql.memory" });
    // Without the statements that DuckDB proposes, which no cell may have.
    expect((error as Error).message).not.toMatch(/Possible|SET /);
    expect(await rows("select 1 as a")).toEqual([[1]]);
  });
});

test.skipIf(process.platform !== "linux")(
  "the death of its process is an error of the query, and the next one runs (needs /proc)",
  async () => {
    const query = run("select count(*) from range(1000000000000)");
    const failure = expect(query).rejects.toMatchObject({ code: "child.died", cure: expect.any(String) });
    const busy = () => childrenOf(process.pid).filter((pid) => commandOf(pid).includes("query-child"));
    await expect.poll(busy).not.toEqual([]);
    for (const pid of busy()) process.kill(pid, "SIGKILL");
    await failure;
    expect(await rows("select a from small")).toEqual([[1], [2]]);
  },
);

test.each(["is stopped", "dies with its process"])(
  "a query that %s leaves nothing of the file it was writing (needs /proc)",
  { skip: process.platform !== "linux" },
  async (how) => {
    const files = async () => (await readdir(workspace.folders.files)).sort();
    const before = await files();
    const stop = new AbortController();
    const sql = "select md5(range::varchar) as a from range(3000000)";
    const query = workspace.tables.query({ sql, tables: {}, parameters: {}, signal: stop.signal });
    const failure = expect(query).rejects.toThrow();
    await expect.poll(async () => (await files()).length, { interval: 5 }).toBeGreaterThan(before.length);
    const processes = childrenOf(process.pid).filter((pid) => commandOf(pid).includes("query-child"));
    if (how === "is stopped") stop.abort(new Error("no longer wanted"));
    else for (const pid of processes) process.kill(pid, "SIGKILL");
    await failure;
    await expect.poll(files, { timeout: 5000 }).toEqual(before);
  },
);

describe("a query that runs on", () => {
  test("is stopped by its signal, and its process goes on", async () => {
    const abort = new AbortController();
    const query = workspace.tables.query({
      sql: "select count(*) from range(1000000000000)",
      tables: {},
      parameters: {},
      signal: abort.signal,
    });
    setTimeout(() => abort.abort(new Error("no longer wanted")), 100);
    await expect(query).rejects.toThrow("no longer wanted");
    expect(await rows("select 1 as a")).toEqual([[1]]);
  });

  test("is stopped by its deadline, even where DuckDB hears no interrupt", async () => {
    const start = performance.now();
    const query = (sql: string) => workspace.tables.query({ sql, tables: {}, parameters: {}, deadline: 300 });
    await Promise.all(
      ["select count(*) from range(1000000000000)", "select repeat('x', 4000000000)"].map((sql) =>
        expect(query(sql)).rejects.toMatchObject({ code: "sql.deadline", cure: expect.any(String) }),
      ),
    );
    expect(await rows("select 1 as a")).toEqual([[1]]);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  test("waits for its turn, and leaves the queue when it is cancelled", async () => {
    const abort = new AbortController();
    const long = Array.from({ length: 2 }, () =>
      workspace.tables
        .query({ sql: "select count(*) from range(1000000000000)", tables: {}, parameters: {}, deadline: 600 })
        .catch(() => "stopped"),
    );
    const waiting = workspace.tables.query({ sql: "select 1", tables: {}, parameters: {}, signal: abort.signal });
    const after = run("select 2 as a");
    abort.abort(new Error("left"));
    await expect(waiting).rejects.toThrow("left");
    expect(await workspace.tables.analyse("select 1", "statement")).toMatchObject({ ok: true });
    expect((await after).rows).toEqual([[2]]);
    expect(await Promise.all(long)).toEqual(["stopped", "stopped"]);
  });
});

test.skipIf(process.platform !== "linux")(
  "no process outlives its parent, killed while both work (needs /proc)",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "sheaf-tables-"));
    const program = fileURLToPath(new URL("./__fixtures__/tables-parent.ts", import.meta.url));
    const parent = spawn(process.execPath, [program, folder], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      const [line] = (await once(parent.stdout, "data")) as [Buffer];
      const children = JSON.parse(String(line)) as number[];
      expect(children).toHaveLength(2);
      parent.kill("SIGKILL");
      // Two seconds on a machine that has nothing else to do; tests run beside others.
      await expect.poll(() => children.filter(isAlive), { timeout: 6000 }).toEqual([]);
    } finally {
      parent.kill("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    }
  },
);

function childrenOf(parent: number): number[] {
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return processes
    .map(Number)
    .filter((pid) => new RegExp(`^PPid:\\s*${parent}$`, "m").test(read(`/proc/${pid}/status`)));
}

const commandOf = (pid: number): string => read(`/proc/${pid}/cmdline`);

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // The process has ended since it was listed.
    return "";
  }
}

/** Whether a process runs; one that has ended and is only not yet collected by its new parent does not. */
function isAlive(pid: number): boolean {
  return /^State:\s*[^ZX\s]/m.test(read(`/proc/${pid}/status`));
}
